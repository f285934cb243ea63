namespace ServeBench.OnnxServer.Scheduling;

/// <summary>One item that waits for its execution.</summary>
/// <param name="Request">The request that it belongs to.</param>
/// <param name="Index">Which of the request's items it is.</param>
/// <param name="Cost">
/// What it costs to execute, in units of its pipeline (the tokens of a text; 1 where all items cost the same). Items that are executed
/// together each cost as much as the dearest of them, as padding makes them.
/// </param>
internal readonly record struct QueuedItem(ScheduledRequest Request, int Index, int Cost);
