namespace ServeBench.OnnxServer.Inference;

/// <summary>What an execution of one model costs on this machine: <c>SecondsPerToken (OverheadTokens + tokens)</c>, roughly.</summary>
/// <param name="SecondsPerToken">Of a single execution.</param>
/// <param name="OverheadTokens">The fixed cost of an execution, in tokens.</param>
internal readonly record struct ExecutionCost(double SecondsPerToken, int OverheadTokens);
