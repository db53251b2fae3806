from warehouse.current_snapshot()
