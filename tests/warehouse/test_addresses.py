from __future__ import annotations

from pathlib import Path

import pytest

from warehouse import WarehouseError, open_warehouse


@pytest.mark.parametrize("form", ["{}", "duckdb://{}"])
def test_a_directory_with_a_colon_in_its_name_is_written_absolute_or_with_the_scheme(tmp_path: Path, form: str) -> None:
    folder = tmp_path / "dated 2026-03-02T12:00 a=b"
    with open_warehouse(form.format(folder)).writer("test") as writer:
        writer.publish()
    assert (folder / "warehouse.duckdb").exists()


def test_else_it_may_be_an_address_and_is_refused() -> None:
    for text in ("12:00", "a=b", "lake?data=x", "s3://bucket/lake", "sub/12:00"):
        with pytest.raises(WarehouseError, match="no address of a warehouse"):
            open_warehouse(text)
    assert open_warehouse("duckdb://12:00").home == Path("12:00")
    assert open_warehouse("data").home == Path("data")
