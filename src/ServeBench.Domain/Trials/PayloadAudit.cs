namespace ServeBench.Domain.Trials;

/// <summary>The bodies that were sent to one deployment of one workload (method.md, rule 8).</summary>
/// <param name="WarmUpRequests">Requests outside the window: warm-up, run-in, and those after the window.</param>
/// <param name="WindowRequests">Requests of the window; in a search, of all probes together.</param>
/// <param name="Repeated">Those of them whose body the deployment had been sent before, by whatever case.</param>
public sealed record PayloadAudit(int WarmUpRequests, int WindowRequests, int Repeated);
