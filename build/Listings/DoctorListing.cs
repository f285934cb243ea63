using ServeBench.Build.Composition;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Wording;
using ServeBench.Hosts;
using ServeBench.Hosts.Images;
using ServeBench.Hosts.Machine;
using ServeBench.Processes.Commands;
using ServeBench.Processes.Cpu;
using ServeBench.Processes.Groups;

namespace ServeBench.Build.Listings;

/// <summary>Looks at the machine and says what can run on it, what is missing for the rest, and how to get it.</summary>
internal static class DoctorListing
{
    private static readonly Version OldestNode = new(20, 0);

    public static async Task ShowAsync(BuildContext context)
    {
        var findings = new List<CheckResult>();
        findings.AddRange(await ToolsAsync(context));
        findings.AddRange(Machine());
        findings.AddRange(Disk(context));
        await context.Services.Hosts.LookAsync([], context.Cancelled);
        findings.AddRange(context.Services.Hosts.All.Select(Host));
        if (OperatingSystem.IsLinux())
        {
            findings.Add(Groups());
            findings.Add(await LinkerAsync(context));
            findings.Add(await LibraryAsync(context));
        }
        findings.AddRange(await StacksAsync(context));
        context.Screen.Table([.. findings.Select(f => new[] { f.Word, f.What, f.Found })]);
        foreach (var remedy in findings.Where(f => f.Remedy.Length > 0).GroupBy(f => f.Remedy))
            context.Screen.Warn($"{string.Join(", ", remedy.Select(f => f.What))}: {remedy.Key}.");
        if (findings.Exists(f => f.State == State.Missing)) context.Outcome.Failed();
    }

    private static string NodeRemedy =>
        $"Tests that check k6 scripts and run a client of npm are skipped; for them install Node {OldestNode.Major} or newer";

    private static async Task<IReadOnlyList<CheckResult>> ToolsAsync(BuildContext context)
    {
        var machine = MachineReader.Read();
        var findings = new List<CheckResult> { new(State.Good, ".NET", machine.DotNet) };
        try
        {
            var version =
                (await context.Services.Commands.RunAsync(
                    new CommandSpec("node", "--version"), cancellationToken: context.Cancelled)).Output.Trim();
            var good = Version.TryParse(version.TrimStart('v'), out var found) && found >= OldestNode;
            findings.Add(new(good ? State.Good : State.Poor, "Node", version, good ? "" : NodeRemedy));
        }
        catch (CommandFailedException)
        {
            findings.Add(new(State.Poor, "Node", "none; only some tests need it", NodeRemedy));
        }
        return findings;
    }

    private static IEnumerable<CheckResult> Machine()
    {
        var machine = MachineReader.Read();
        yield return new(
            State.Good,
            "machine",
            $"{machine.Cpu}, {Plural.Of(machine.LogicalCores, "logical core")}, "
                + $"{machine.MemoryBytes / (double)(1L << 30):0.#} GiB{(machine.Virtualisation is { } kind ? $", {kind}" : "")}");
        var cores = CorePlan.ForThisMachine();
        yield return cores.Shared
            ? new(State.Poor, "cores", cores.ToString(), CpuAffinity.IsSupported
                ? "With one core, client and server share it and disturb each other: measure on two or more"
                : "Only Linux can keep client and server on cores of their own: measure there what you want to quote")
            : new(State.Good, "cores", cores.ToString());
        yield return machine.Accelerators.Count > 0
            ? new(State.Good, "accelerators", string.Join(", ", machine.Accelerators))
            : new(State.Good, "accelerators", "none; stacks that need one are left out");
    }

    private static IEnumerable<CheckResult> Disk(BuildContext context)
    {
        const double LeastGigabytes = 2;
        var free = new DriveInfo(context.Services.Paths.Root).AvailableFreeSpace / 1e9;
        yield return free >= LeastGigabytes
            ? new(State.Good, "disk", $"{free:0.0} GB free")
            : new(State.Poor, "disk", $"{free:0.0} GB free", $"Models and results need about {LeastGigabytes:0} GB");
    }

    private static CheckResult Host(IHost host) => host.Unavailable is { } obstacle
        ? new(State.Poor, $"host {host.Name}", obstacle.Problem, obstacle.Remedy)
        : new(State.Good, $"host {host.Name}", "available");

    private static CheckResult Groups()
    {
        var groups = ControlGroup.OfThisMachine;
        var found = (groups.ConfinesCpus, groups.Any) switch
        {
            (true, _) => $"a cpuset holds servers on their cores{(groups.Kills ? ", and they can be killed as one" : "")}",
            (false, true) => "none with a cpuset; threads that leave their cores are put back every second",
            _ => "none can be made; threads that leave their cores are put back every second",
        };
        return groups.ConfinesCpus
            ? new(State.Good, "control groups", found)
            : new(
                State.Poor,
                "control groups",
                found,
                "A runtime that gives its threads cores of their own (ONNX Runtime without a thread count) makes trials INVALID "
                    + "where it does so within a window: run as root, or in a systemd scope of your own with Delegate=yes");
    }

    private static async Task<CheckResult> LinkerAsync(BuildContext context) =>
        await NativeLinker.FindAsync(
            context.Services.Commands, System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier, context.Cancelled) is { } linker
            ? new(State.Good, "native programs", $"linked by {linker}")
            : new(State.Poor, "native programs", "nothing here can link one", NativeLinker.Remedy);

    private static async Task<CheckResult> LibraryAsync(BuildContext context)
    {
        var published = new ImageFolders(context.Services.Paths.Root, context.Services.Paths.Artifacts).Published;
        var (found, remedy) = CLibrary.Compare(
            await CLibrary.OfThisMachineAsync(context.Services.Commands, context.Cancelled), CLibrary.AskedForIn(published));
        return new(remedy.Length == 0 ? State.Good : State.Poor, "C library (glibc)", found, remedy);
    }

    private static async Task<IEnumerable<CheckResult>> StacksAsync(BuildContext context)
    {
        try
        {
            var catalogue = context.Services.Catalogue;
            await context.Services.Hosts.LookAsync(catalogue.Stacks, context.Cancelled);
            await context.Services.Docker.AskRegistriesAsync(catalogue.Stacks, context.Options.Offline, context.Cancelled);
            return Stacks(context, catalogue);
        }
        catch (FaultException e)
        {
            return e.Faults.Select(f => new CheckResult(State.Missing, "catalogue", f.ToString(), "Mend that file"));
        }
    }

    private static IEnumerable<CheckResult> Stacks(BuildContext context, Catalogue catalogue) =>
        from host in context.Services.Hosts.All
        from stack in catalogue.Stacks
        where stack.Hosts.ContainsKey(host.Name)
        where host.Unavailable is null
        select Check($"{stack.Name} on {host.Name}", Runnable.Of(host, stack), host.Exposes(stack));

    private static CheckResult Check(string name, Runnable runnable, Obstacle? exposed)
    {
        if (runnable.Lacking.Count > 0)
        {
            var (group, obstacle) = runnable.Lacking.First();
            var said = runnable.Groups.Count == 0
                ? obstacle.Problem
                : $"can run for {string.Join(", ", runnable.Groups)}; for {group}: {obstacle.Problem}";
            return new CheckResult(State.Poor, name, said, obstacle.Remedy);
        }
        return exposed is null
            ? new CheckResult(State.Good, name, "can run")
            : new CheckResult(State.Poor, name, $"can run, but {exposed.Problem}", exposed.Remedy);
    }

    private enum State
    {
        /// <summary>As it should be.</summary>
        Good,

        /// <summary>Works without it, or not as well.</summary>
        Poor,

        /// <summary>The default command cannot work.</summary>
        Missing,
    }

    private sealed record CheckResult(State State, string What, string Found, string Remedy = "")
    {
        public string Word => State switch { State.Good => "ok", State.Poor => "note", _ => "MISSING" };
    }
}
