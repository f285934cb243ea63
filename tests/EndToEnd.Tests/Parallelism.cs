// Measurements on one machine take turns.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
