"""Flags of the Beam runner: a wrong one never passes in silence."""

import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from pipeline.errors import UsageError
from pipeline.runner import make_pipeline

WRONG = {
    ("--runnr=DirectRunner",): r"Beam knows no flag '--runnr'; did you mean '--runner'\?",
    ("out",): "Beam knows no flag 'out'",
    ("--direct_num_workers=two",): "invalid int value: 'two'",
    ("--runner",): "expected one argument",
    ("--runner=Nope",): "--runner=Nope: Unexpected pipeline runner: Nope. Valid values are",
    ("--runner=no.such.Runner",): "--runner=no.such.Runner: No module named 'no'",
    ("--runner=FlinkRunner", "--flink_mster=here:1"): "did you mean '--flink_master'",
}


@pytest.mark.parametrize("flags", WRONG, ids=" ".join)
def test_a_wrong_flag_is_named(flags):
    """In one line, with what was meant."""
    with pytest.raises(UsageError, match=WRONG[flags]) as caught:
        make_pipeline(flags)
    assert "\n" not in str(caught.value)


def test_flags_that_others_know_pass():
    """Those of a job server, which are known when it runs, and of options of one's own."""
    make_pipeline(["--runner=FlinkRunner", "--checkpointing_interval=60000"])

    class MineOptions(PipelineOptions):
        @classmethod
        def _add_argparse_args(cls, parser):
            parser.add_argument("--mine_of_test_runner")

    make_pipeline(["--mine_of_test_runner=1", "--direct_num_workers=2"])
