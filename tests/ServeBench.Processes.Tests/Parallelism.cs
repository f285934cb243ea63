// These tests change what the whole process may use, so they take turns.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
