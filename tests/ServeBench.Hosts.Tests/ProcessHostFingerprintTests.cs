using ServeBench.Hosts.Process;
using ServeBench.Processes.Commands;

namespace ServeBench.Hosts.Tests;

/// <summary>What decides whether a stored result of a process still holds.</summary>
public sealed class ProcessHostFingerprintTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-test-").FullName;
    private readonly ProcessHost _host = new(NullStack.Bin, new CommandRunner());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_program_that_was_not_built_keeps_a_stack_from_running()
    {
        var stack = NullStack.Stack(_host, "programs: [\"${bin}/Nothing\"]\ncommand: /bin/true\n");
        Assert.Contains("Nothing is not there", _host.CannotRun(stack)!.Problem, StringComparison.Ordinal);
        Assert.Null(_host.CannotRun(NullStack.Stack(_host)));
        Assert.Null(_host.CannotRun(NullStack.Stack(_host, "command: sh\n")));
        Assert.NotNull(_host.CannotRun(NullStack.Stack(_host, "command: no-such-program-anywhere\n")));
    }

    [Fact]
    public void Arguments_and_programs_decide_the_fingerprint()
    {
        var program = Path.Combine(_folder, "program");
        File.WriteAllText(program, "one");
        string Fingerprint(string argument) => _host.Fingerprint(NullStack.Stack(_host, $"programs: [{_folder}]\ncommand: /bin/true\narguments: [{argument}]\n"));
        var first = Fingerprint("a");
        Assert.Equal(first, Fingerprint("a"));
        Assert.NotEqual(first, Fingerprint("b"));
        File.WriteAllText(program, "two");
        Assert.NotEqual(first, Fingerprint("a"));
        File.WriteAllText(program, "one");
        File.WriteAllText(Path.Combine(_folder, "program.pdb"), "symbols");
        Assert.Equal(first, Fingerprint("a"));
    }

    [Fact]
    public async Task Every_field_of_the_settings_changes_the_fingerprint()
    {
        var program = Path.Combine(_folder, "program");
        // A changed name must lead to a file, with the same content.
        foreach (var name in new[] { program, program + "x" }) File.WriteAllText(name, "one");
        var host = new ProcessHost(NullStack.Bin, new FakeRunner(_ => "python\t3.13.5\tx\n"));
        var settings = new ProcessHostSettings(
            [program], "python3", ["--port"], new Dictionary<string, string> { ["A"] = "1" }, new Dictionary<string, int?> { [Endpoints.Http] = 8080, [Endpoints.Grpc] = null }, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10), new Requirements(["json"], new Dictionary<string, IReadOnlyList<string>> { ["g"] = ["csv"] }, "Install it"));
        async Task<string> FingerprintAsync(ProcessHostSettings of)
        {
            var stack = NullStack.Stack(host) with { Hosts = new Dictionary<string, object> { [host.Name] = of } };
            await host.LookAsync([stack], TestContext.Current.CancellationToken);
            return host.Fingerprint(stack);
        }
        var seen = new HashSet<string> { await FingerprintAsync(settings) };
        foreach (var (place, changed, _) in Variations.Of(settings)) Assert.True(seen.Add(await FingerprintAsync(changed)), $"{place} changes nothing");
        Assert.True(seen.Count >= 12, $"only {seen.Count} were tried");
    }

    [Fact]
    public void What_a_command_is_found_as_decides_the_fingerprint()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "it changes PATH as Linux writes it");
        var (path, name) = (Environment.GetEnvironmentVariable("PATH"), "servebench-test-program");
        var folders = new[] { "one", "two" }.Select(f => Directory.CreateDirectory(Path.Combine(_folder, f)).FullName).ToArray();
        Environment.SetEnvironmentVariable("PATH", $"{folders[0]}:{folders[1]}:{path}");
        try
        {
            string Fingerprint() => _host.Fingerprint(NullStack.Stack(_host, $"command: {name}\n"));
            File.WriteAllText(Path.Combine(folders[1], name), "old");
            var first = Fingerprint();
            Assert.Equal(first, Fingerprint());
            File.WriteAllText(Path.Combine(folders[1], name), "new");
            Assert.NotEqual(first, Fingerprint());
            // Another in front of it, with the same content: it may find its libraries beside itself.
            File.WriteAllText(Path.Combine(folders[0], name), "old");
            Assert.NotEqual(first, Fingerprint());
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }
}
