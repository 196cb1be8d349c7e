"""An Airflow DAG that cleans the pages of each day. For Airflow 3; put it into the DAGs folder."""

import os
from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG
from airflow.timetables.interval import CronDataIntervalTimetable

with DAG(
    dag_id="newsclean",
    schedule=CronDataIntervalTimetable("30 2 * * *", timezone="UTC"),
    start_date=datetime(2024, 8, 1),
    catchup=True,  # days missed are made up for, in order
    max_active_runs=1,  # an output takes one run at a time
):
    clean = BashOperator(
        task_id="clean",
        bash_command=(
            'newsclean run "$PAGES/{{ data_interval_start | ds }}" --output "$OUTPUT" '
            "--run-id day-{{ data_interval_start | ds }}"
        ),
        env={
            "PAGES": os.environ.get("PAGES", "/srv/news/pages"),
            "OUTPUT": os.environ.get("OUTPUT", "/srv/news/clean"),
        },
        append_env=True,
        retries=3,
        retry_delay=timedelta(minutes=10),
    )
