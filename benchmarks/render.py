"""How long a document takes: PDF, XML and both in one file; `python benchmarks/render.py [LINES] [DOCUMENTS]`.

Target: below 100 ms for each of a batch of 200 with 8 lines, warm. Of one process; `cpu` is what is left of the time
by the wall where other programs are at work, too.
"""

import statistics
import sys
import time
from collections.abc import Callable

from invoices import AT, invoice_of

from git_bill.adapters import pdf as reader
from git_bill.adapters.hybrid import Hybrid
from git_bill.adapters.tables import einvoicing, wording
from git_bill.adapters.typst import Typst
from git_bill.flows.electronic import Electronics, forms
from git_bill.invoice.document.page import invoice_page
from git_bill.invoice.document.stated import unstated
from git_bill.invoice.issued import Invoice


def timed(work: Callable[[Invoice], object], documents: list[Invoice]) -> list[tuple[float, float]]:
    """Milliseconds of each, by the wall and of the processor."""
    taken = []
    for document in documents:
        start, spent = time.perf_counter(), time.process_time()
        work(document)
        taken.append(((time.perf_counter() - start) * 1000, (time.process_time() - spent) * 1000))
    return taken


def main() -> None:
    """A table: the first document; of the rest the median, the slowest, and the median of the processor's time."""
    told = [int(word) for word in sys.argv[1:] if word.isdecimal()]  # `make bench` names repositories, too
    count, documents = (*told, *(8, 200)[len(told) :])[:2]
    typesetter, words = Typst(reader.text), wording()
    office = Electronics(known=einvoicing(), combiner=Hybrid())
    detail = "6 commits, payment page and refunds"
    batch = [invoice_of(count, number, detail=detail) for number in range(1, documents + 1)]

    def pdf(each: Invoice) -> bytes:
        return typesetter.typeset("invoice.typ", invoice_page(each, {}, words), {}, at=AT)

    def whole(each: Invoice) -> None:
        made = pdf(each)
        if missing := list(unstated(each, typesetter.text(made))):
            sys.exit(f"{each.number} lacks {missing}")
        if problems := forms(each, made, office, words, at=AT).problems:
            sys.exit(str(problems))

    print(f"{documents} documents of {count} lines; milliseconds each")
    print(f"{'':24}{'first':>8}{'median':>8}{'slowest':>9}{'cpu':>8}")
    for name, work in (("PDF", pdf), ("PDF + XML, checked", whole)):
        first, *rest = timed(work, batch)
        walls, spent = zip(*(rest or [first]), strict=True)
        middle, processor = statistics.median(walls), statistics.median(spent)
        print(f"{name:24}{first[0]:8.0f}{middle:8.1f}{max(walls):9.1f}{processor:8.1f}")


if __name__ == "__main__":
    main()
