using ServeBench.Processes.Cpu;

namespace ServeBench.Hosts;

/// <summary>
/// Which logical processors the client has and which the server (method.md, rule 4). Whole physical cores go to one side, so
/// that the two never share one; with a single core they must, and the report says so.
/// </summary>
/// <param name="Client">The load driver's and the pipeline's own.</param>
/// <param name="Server">The stack's.</param>
public sealed record CorePlan(IReadOnlyList<int> Client, IReadOnlyList<int> Server)
{
    /// <summary>True when client and server run on the same cores, or cannot be confined at all.</summary>
    public bool Shared => !CpuAffinity.IsSupported || Client.Intersect(Server).Any();

    /// <summary>For people: <c>client on 1, server on 0</c>.</summary>
    public override string ToString() => CpuAffinity.IsSupported
        ? $"client on {CpuList.Format(Client)}, server on {CpuList.Format(Server)}"
        : "client and server not confined (only Linux can)";

    /// <summary>The plan for this machine, within the processors that this process may use.</summary>
    public static CorePlan ForThisMachine() => Divide(CpuAffinity.Available, SiblingsOf);

    /// <summary>
    /// Gives the client one physical core, or an eighth of them where there are more than eight, from the end; the server
    /// gets the rest.
    /// </summary>
    /// <param name="available">Logical processors that may be used.</param>
    /// <param name="siblings">All logical processors of the physical core that one belongs to.</param>
    public static CorePlan Divide(IReadOnlyList<int> available, Func<int, IReadOnlyList<int>> siblings)
    {
        var cores = available.GroupBy(cpu => siblings(cpu).Min()).Select(g => g.Order().ToArray()).OrderBy(g => g[0]).ToArray();
        if (cores.Length == 1)
        {
            // Two hardware threads of one core are not two cores, but apart is still better than on top of each other.
            var threads = cores[0];
            return threads.Length == 1 ? new CorePlan(threads, threads) : new CorePlan([threads[^1]], threads[..^1]);
        }
        var clientCores = Math.Max(1, cores.Length / 8);
        return new CorePlan([.. cores[^clientCores..].SelectMany(c => c)], [.. cores[..^clientCores].SelectMany(c => c)]);
    }

    private static IReadOnlyList<int> SiblingsOf(int cpu)
    {
        var file = $"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list";
        return File.Exists(file) ? CpuList.Parse(File.ReadAllText(file)) : [cpu];
    }
}
