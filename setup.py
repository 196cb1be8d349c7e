"""Packaging. Beam's `--setup_file` needs this very name; tool settings are in pyproject.toml."""

from setuptools import find_packages, setup

setup(
    name="newsclean",
    version="0.1.0",
    description="Scraped Chinese news in, clean simplified articles in Parquet out.",
    license="Apache-2.0",
    python_requires=">=3.11",
    packages=find_packages(include=["pipeline*", "transforms*", "configs*"]),
    package_data={"configs": ["**/*"], "transforms": ["py.typed"]},
    install_requires=[
        "apache-beam==2.77.0",
        "ftfy==6.3.1",
        "opencc-python-reimplemented==0.1.7",
        "chardet==7.7.0",
        "pyarrow>=21",
        "numpy>=1.26",
        "lxml>=6.0",
        "cssselect>=1.2",
        "google-re2>=1.1.20240702",
        "pyyaml>=6",
        "pydantic>=2.9",
        "click>=8.1",
        "rich>=13",
        "tzdata",
        "zstandard>=0.22",
        "brotli>=1.2",
    ],
    extras_require={
        "dev": [
            "build",
            "pytest>=8",
            "hypothesis>=6.100",
            "ruff>=0.8",
            "mypy>=1.11",
            "types-PyYAML",
            "pandas",
            "duckdb",
            "warcio>=1.7",
            "charset-normalizer>=3",
            "pre-commit",
        ]
    },
    entry_points={"console_scripts": ["newsclean = pipeline.cli:main"]},
)
