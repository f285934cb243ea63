namespace ServeBench.OnnxServer.Scheduling;

/// <summary>What an execution of one model takes on this machine: <c>SecondsPerUnit (Overhead + cost)</c>, roughly.</summary>
/// <param name="SecondsPerUnit">Seconds for each unit of cost, of a single execution.</param>
/// <param name="Overhead">What an execution costs beside its items, in the same units.</param>
internal readonly record struct ExecutionCost(double SecondsPerUnit, int Overhead);
