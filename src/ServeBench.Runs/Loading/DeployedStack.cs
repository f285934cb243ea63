using ServeBench.Domain.Plans;
using ServeBench.Domain.Trials;
using ServeBench.Hosts;
using ServeBench.Load.Encoding;
using ServeBench.Runs.Payloads;

namespace ServeBench.Runs.Loading;

/// <summary>A deployment while its cases are measured, with what it was sent and what was found out about it.</summary>
/// <param name="deployment">It.</param>
/// <param name="id">Its id.</param>
/// <param name="runId">The run that measures.</param>
/// <param name="cases">All cases that were planned for it, measured or not.</param>
/// <param name="payloadsOf">The payloads of a case's workload.</param>
internal sealed class DeployedStack(
    IDeployment deployment, string id, string runId, IReadOnlyList<Case> cases, Func<Case, WorkloadPayloads> payloadsOf)
{
    private readonly Dictionary<string, SentPayloads> _sent = [];
    private readonly Dictionary<(string Workload, string Protocol), PayloadSet> _rendered = [];
    private readonly Dictionary<string, double> _maxRates = [];

    public IDeployment Deployment => deployment;

    public string Id => id;

    public string RunId => runId;

    public IReadOnlyList<Case> Cases => cases;

    /// <summary>
    /// How long one request of a workload in a protocol took before any load, 0 where none was answered; null until they have been asked.
    /// </summary>
    public Dictionary<(string Workload, string Protocol), TimeSpan>? Alone { get; set; }

    public WorkloadPayloads Payloads(Case one) => payloadsOf(one);

    public SentPayloads Sent(Case one)
    {
        if (_sent.TryGetValue(one.Workload.Name, out var known)) return known;
        return _sent[one.Workload.Name] = new SentPayloads(payloadsOf(one).Requests);
    }

    /// <summary>The bytes of every request, rendered once.</summary>
    public PayloadSet Rendered(Case one)
    {
        var key = (one.Workload.Name, one.Protocol.Name);
        if (_rendered.TryGetValue(key, out var known)) return known;
        return _rendered[key] = payloadsOf(one).Render(one.Protocol, deployment.For(one.Protocol));
    }

    /// <summary>
    /// The rate that the search of a workload has found here; of a server that met no objective, what it kept up at the lowest
    /// rate.
    /// </summary>
    public double MaxRate(string workload) => _maxRates[workload];

    /// <param name="workload">Its name.</param>
    /// <param name="probe">The probe that a search of it shows.</param>
    public void Found(string workload, ProbeRecord probe) =>
        _maxRates[workload] = probe.Met || probe.HeldPerSecond is not { } held
            ? probe.OfferedPerSecond
            : Math.Min(held, probe.OfferedPerSecond);
}
