"""Files of records that have an id each: expenses and readings, which are added and hardly ever changed."""

from typing import TypeVar

from git_bill.effects import WriteFile
from git_bill.flows.stated import Stated
from git_bill.shape import write

T = TypeVar("T")


def renewed(file: Stated[T], new: T) -> tuple[WriteFile, ...]:
    """The effect that makes a file say `new`; what a person wrote into it by hand stays as it is laid out.

    Stops (exit 3) where nothing can be added to it, (exit 2) at values it may not have.
    """
    if file.text is None or file.value is None or file.text == write(file.value):
        checked = Stated(path=file.path, shape=file.shape, text=None, found=file.found)
        return checked.changed_to(new)
    return file.changed_to(new)
