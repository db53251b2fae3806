from previous.ops.search_index
