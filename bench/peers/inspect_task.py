"""The rows of a CSV as samples of inspect-ai: each is sent as it is, and nothing is scored."""

from inspect_ai import Task, task
from inspect_ai.dataset import FieldSpec, csv_dataset
from inspect_ai.solver import generate


@task
def rows(file: str) -> Task:
    return Task(dataset=csv_dataset(file, FieldSpec(input="examples")), solver=generate())
