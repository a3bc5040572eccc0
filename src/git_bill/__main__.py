"""`python -m git_bill`."""

from git_bill.cli.main import run

if __name__ == "__main__":
    run()
