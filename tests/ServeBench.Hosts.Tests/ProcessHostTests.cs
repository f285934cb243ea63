using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Yaml;
using ServeBench.Hosts.Process;
using ServeBench.Processes.Commands;
using ServeBench.Processes.Cpu;

namespace ServeBench.Hosts.Tests;

[Lane("slow"), Collection(Process.Running.Collection)]
public sealed class ProcessHostTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-test-").FullName;
    private readonly ProcessHost _host = new(NullStack.Bin, new CommandRunner());

    private CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_stack_answers_on_its_own_port_and_is_gone_afterwards()
    {
        IPEndPoint endpoint;
        await using (var deployment = await DeployAsync())
        {
            endpoint = deployment.Endpoints[Endpoints.Http];
            Assert.Equal(IPAddress.Loopback, endpoint.Address);
            await AnswersAsync(endpoint);
            Assert.Null(await deployment.EndedBecauseAsync());
            Assert.Contains($"--port={endpoint.Port}", deployment.Command, StringComparison.Ordinal);
        }
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => AnswersAsync(endpoint, tries: 1));
    }

    [Fact]
    public async Task A_track_adds_its_variables_and_arguments()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "it runs a POSIX shell");
        var stack = NullStack.Stack(_host, """
            command: /bin/sh
            arguments: ["-c", "echo $A $B $0 $1", "zero"]
            environment: { A: of the host, B: of the host }
            """);
        var track = NullStack.Track with { Environment = new Dictionary<string, string> { ["B"] = "of the track on ${cores}" }, Arguments = ["one, ${model}"] };
        await using var deployment = await DeployAsync(stack, track);
        await EndedAsync(deployment);
        Assert.Contains("of the host of the track on 1 zero one, m", await deployment.EndedBecauseAsync(), StringComparison.Ordinal);
    }

    /// <summary>What somebody exported in a shell must not decide a result: a server gets what it needs, and what is hashed.</summary>
    [Fact]
    public async Task A_server_gets_only_the_environment_that_is_accounted_for()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "it runs a POSIX shell");
        Environment.SetEnvironmentVariable("SERVEBENCH_SERVER_MAX_BATCH", "1");
        try
        {
            var stack = NullStack.Stack(_host, """
                command: /bin/sh
                arguments: ["-c", "env | cut -d= -f1 | sort | paste -sd ' '; pwd"]
                environment: { MINE: "1" }
                """, _folder);
            await using var deployment = await DeployAsync(stack);
            await EndedAsync(deployment);
            var said = (await deployment.EndedBecauseAsync())!;
            foreach (var name in new[] { "MINE", "PATH", "ORT_DISABLE_TELEMETRY" }) Assert.Contains(name, said, StringComparison.Ordinal);
            Assert.DoesNotContain("MAX_BATCH", said, StringComparison.Ordinal);
            Assert.Contains("/work", said, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("SERVEBENCH_SERVER_MAX_BATCH", null);
        }
    }

    [Fact]
    public async Task A_child_that_took_a_session_of_its_own_ends_with_its_server()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/setsid"), "it needs setsid");
        var file = Path.Combine(_folder, "child");
        var stack = NullStack.Stack(_host, $$"""
            command: /bin/sh
            arguments: ["-c", "setsid sleep 300 & echo $! > {{file}}.new; mv {{file}}.new {{file}}; wait"]
            stop-limit: 1s
            """, _folder);
        await using (await DeployAsync(stack))
        {
            for (var tries = 0; !File.Exists(file); tries++)
            {
                Assert.True(tries < 1000, "the child was not started");
                await Task.Delay(10, Cancelled);
            }
            Assert.True(Directory.Exists($"/proc/{File.ReadAllText(file).Trim()}"));
        }
        Assert.False(Directory.Exists($"/proc/{File.ReadAllText(file).Trim()}"));
    }

    [Fact]
    public async Task Cpu_and_memory_of_a_window_are_measured()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux reports what a process tree uses");
        await using var deployment = await DeployAsync();
        await AnswersAsync(deployment.Endpoints[Endpoints.Http]);

        deployment.Meter.Start();
        using (var client = new HttpClient())
        {
            var until = Stopwatch.StartNew();
            while (until.ElapsedMilliseconds < 500) await client.PostAsync($"http://{deployment.Endpoints[Endpoints.Http]}/", new StringContent("{}"), Cancelled);
        }
        var use = deployment.Meter.Stop();

        Assert.InRange(use.CpuSeconds!.Value, 0.001, 10);
        Assert.InRange(use.MeanResidentBytes!.Value, 5e6, 1e9);
        Assert.True(use.PeakResidentBytes >= use.MeanResidentBytes);
        Assert.InRange(use.MemoryReadings, 2, 100);
        Assert.Contains("process tree, /proc", use.Source, StringComparison.Ordinal);

        deployment.Meter.Start();
        var idle = deployment.Meter.Stop();
        Assert.True(idle.CpuSeconds < use.CpuSeconds, "a second window counts from its own start");
    }

    [Fact]
    public async Task A_window_in_which_the_server_ended_is_not_measured()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux reports what a process tree uses");
        await using var deployment = await DeployAsync();
        await AnswersAsync(deployment.Endpoints[Endpoints.Http]);
        deployment.Meter.Start();
        KillServer(deployment.Endpoints[Endpoints.Http].Port);
        await EndedAsync(deployment);
        var use = deployment.Meter.Stop();
        Assert.Null(use.CpuSeconds);
        Assert.Contains("ended", use.Source, StringComparison.Ordinal);
        Assert.Contains("signal 9", await deployment.EndedBecauseAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_ends_at_once_says_why_with_its_log()
    {
        var stack = NullStack.Stack(_host, "command: /bin/sh\narguments: [-c, \"echo the model is missing; exit 9\"]\n");
        await using var deployment = await DeployAsync(stack);
        await EndedAsync(deployment);
        var reason = await deployment.EndedBecauseAsync();
        Assert.Contains("code 9", reason, StringComparison.Ordinal);
        Assert.Contains("the model is missing", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fixed_port_that_is_taken_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var failure = await Assert.ThrowsAsync<RunFailedException>(() => DeployAsync(NullStack.Stack(_host, $"command: /bin/true\nport: {port}\n")));
        Assert.Contains($"port {port}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("in use", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("command: \"${port}\"", "no placeholder is called ${port}")]
    [InlineData("command: x\narguments: [\"${prot}\"]", "no placeholder is called ${prot}")]
    [InlineData("command: x\nport: 0", "from 1 to 65535")]
    [InlineData("command: x\nenvironment: { A: \"${nothing}\" }", "no placeholder is called ${nothing}")]
    [InlineData("comand: x", "this key is missing")]
    public void Faults_of_the_section_are_found(string section, string problem)
    {
        var faults = new FaultList();
        _host.Section.Read(YamlFile.Parse(section, "stack.yaml", faults)!, _folder);
        Assert.Contains(faults, f => f.Problem.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_what_a_dead_run_left_is_swept()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells whose a process is");
        await using var mine = await DeployAsync();
        await AnswersAsync(mine.Endpoints[Endpoints.Http]);
        // A process id that is taken, by a process that began at another time than the label says: its owner is gone.
        var start = new ProcessStartInfo("/bin/sleep", ["600"]) { Environment = { ["SERVEBENCH_OWNER"] = $"{Environment.ProcessId}:1", ["SERVEBENCH_DEPLOYMENT"] = "dead-run.x.1" } };
        using var orphan = System.Diagnostics.Process.Start(start)!;
        await UntilAsync(() => File.ReadAllText($"/proc/{orphan.Id}/cmdline").StartsWith("/bin/sleep", StringComparison.Ordinal));

        var ended = await _host.SweepAsync(TestContext.Current.CancellationToken);

        Assert.Contains(ended, line => line.Contains("dead-run.x.1", StringComparison.Ordinal));
        await orphan.WaitForExitAsync(Cancelled).WaitAsync(TimeSpan.FromSeconds(10), Cancelled);
        await AnswersAsync(mine.Endpoints[Endpoints.Http]);
        Assert.Empty(await _host.SweepAsync(TestContext.Current.CancellationToken));
    }

    private Task<IDeployment> DeployAsync(Domain.Stacks.Stack? stack = null, Domain.Stacks.Track? track = null) => _host.DeployAsync(
        new DeploymentRequest
        {
            Id = "test",
            Stack = stack ?? NullStack.Stack(_host),
            Track = track ?? NullStack.Track,
            Model = NullStack.Model,
            LogFile = Path.Combine(_folder, "server.log"),
            Cpus = [CpuAffinity.Available[0]],
        },
        Cancelled);

    private async Task AnswersAsync(IPEndPoint endpoint, int tries = 400)
    {
        using var client = new HttpClient();
        for (var i = 1; ; i++)
        {
            try
            {
                using var answer = await client.PostAsync($"http://{endpoint}/", new StringContent("{}"), Cancelled);
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException) when (i < tries)
            {
                await Task.Delay(25, Cancelled);
            }
        }
    }

    private static Task EndedAsync(IDeployment deployment) => UntilAsync(async () => await deployment.EndedBecauseAsync() is not null);

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; !await condition(); i++)
        {
            Assert.True(i < 400, "the condition was not met within ten seconds");
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Kills the null server that was given a port, by its id.</summary>
    private static void KillServer(int port)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0])))
        {
            try
            {
                var command = File.ReadAllText($"{folder}/cmdline");
                if (!command.StartsWith(NullStack.Program, StringComparison.Ordinal) || !command.Contains($"--port={port}\0", StringComparison.Ordinal)) continue;
            }
            catch (IOException)
            {
                continue; // it has just ended
            }
            using var server = System.Diagnostics.Process.GetProcessById(int.Parse(Path.GetFileName(folder)));
            server.Kill();
        }
    }
}
