using System.Text;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Storage;

namespace ServeBench.EndToEnd.Tests;

/// <summary>
/// Users' environments: secrets from wherever they come are shown and stored nowhere, traffic to this machine goes through no proxy,
/// and what a report says does not depend on locale, time zone, home, PATH or where temporary files lie.
/// </summary>
public sealed class EnvironmentTests : IDisposable
{
    private const string Planted = "pl4nted";

    private const string Address = $"http://user:{Planted}@127.0.0.1:1";

    private const string Token = $"hf_{Planted}{Planted}";

    /// <summary>A server that prints everything that it should not, and in pieces; then it serves, or refuses to.</summary>
    private const string Says = $"""
        echo "Get {Address}/x: refused"
        printf 'Authorization: Bear'; sleep 0.05; printf 'er {Planted}'; sleep 0.05; echo '-{Planted}'
        echo 'DB_PASSWORD={Planted}'
        echo 'the key 1{Planted}2{Planted} is refused'
        [ $# -gt 0 ] && exec "$@"
        exit 3
        """;

    private readonly Checkout _checkout = new();

    public void Dispose() => _checkout.Dispose();

    private string[] Benchmark => ["--target=Benchmark", "--group=embeddings", "--workload=sequence-128", "--profile=smoke", "--trials=1", "--weights=seeded", $"--out={_checkout.Runs}"];

    [Fact]
    public async Task No_output_of_a_run_holds_a_secret_and_a_report_is_the_same_in_every_environment()
    {
        const string Server = "${bin}/ServeBench.OnnxServer/release/ServeBench.OnnxServer";
        _checkout.AddProcess("talkative", $$"""
            programs: ["${bin}/ServeBench.OnnxServer/release"]
            command: /bin/sh
            arguments: ["${stack-folder}/say.sh", "{{Server}}", "--urls=http://127.0.0.1:${port}", "--model=${model-folder}", "--threads=${cores}"]
            """);
        _checkout.AddProcess("fails", """
            command: /bin/sh
            arguments: ["${stack-folder}/say.sh"]
            """);
        foreach (var stack in new[] { "talkative", "fails" }) File.WriteAllText(Path.Combine(_checkout.Root, "src", "stacks", stack, "say.sh"), Says);
        var secrets = new Dictionary<string, string?>
        {
            ["HTTP_PROXY"] = Address, ["http_proxy"] = Address, ["HTTPS_PROXY"] = Address, ["https_proxy"] = Address, ["ALL_PROXY"] = Address,
            ["HF_TOKEN"] = Token, ["SOME_API_KEY"] = $"1{Planted}2{Planted}",
        };

        var (code, output) = await Pipeline.RunInAsync(_checkout.Root, secrets, Benchmark);

        Assert.True(code == ExitCodes.Invalid, output);
        Assert.Contains("ended by itself with code 3", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Planted, output, StringComparison.Ordinal);
        var run = new RunFolder(Path.Combine(_checkout.Runs, "latest"));
        var logs = Directory.GetFiles(run.Deployments, "*.log").Select(File.ReadAllText).ToArray();
        Assert.Equal(2, logs.Length);
        Assert.All(logs, log => Assert.True(log.Split(Redaction.Mark).Length == 5, log));
        Assert.Contains(run.ReadManifest().Trials, t => run.ReadTrial(t) is { SampleCount: > 0 });
        var files = Written().ToArray();
        Assert.InRange(files.Length, 20, int.MaxValue);
        Assert.All(files, file => Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.ASCII.GetBytes(Planted)) < 0, $"{file} holds a secret"));
        await Servers.UntilNoneAsync();

        await SameEverywhereAsync();
    }

    private async Task SameEverywhereAsync()
    {
        string[] report = ["--target=Report", "--run=latest", $"--out={_checkout.Runs}"];
        var plain = await Pipeline.RunInAsync(_checkout.Root, report);
        var before = Contents();
        var odd = Directory.CreateDirectory(Path.Combine(_checkout.Root, "odd, t m p")).FullName;
        foreach (var program in new[] { "docker", "k6", "python3", "ssh", "wrk" }) Directory.CreateDirectory(Path.Combine(odd, program));
        var path = Environment.GetEnvironmentVariable("PATH");
        Dictionary<string, string?>[] environments =
        [
            new() { ["LC_ALL"] = "tr_TR.UTF-8", ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "0", ["TZ"] = "Asia/Kathmandu" },
            new() { ["LC_ALL"] = "de_DE.UTF-8", ["TZ"] = "No/Where" },
            new() { ["LC_ALL"] = "ar_SA.UTF-8", ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1", ["TZ"] = "Pacific/Apia" },
            new() { ["HOME"] = null, ["USER"] = null, ["LOGNAME"] = null, ["TERM"] = null },
            new() { ["HOME"] = "/no/such/home", ["XDG_CACHE_HOME"] = "relative", ["HF_HOME"] = "/no/such" },
            new() { ["PATH"] = $"{odd}::.:relative:{path}:" },
            new() { ["TMPDIR"] = odd },
            new() { ["TMPDIR"] = "/no/such/folder" },
            new() { ["HTTP_PROXY"] = "::no address::", ["ALL_PROXY"] = "ftp://x", ["HF_TOKEN"] = "a\nb", ["HF_HUB_OFFLINE"] = "1" },
            new() { ["DOCKER_HOST"] = $"tcp://u:{Planted}@127.0.0.1:1", ["ASPNETCORE_URLS"] = "http://+:5000", ["DOTNET_gcServer"] = "1", ["COLUMNS"] = "1" },
        ];
        foreach (var environment in environments)
        {
            var here = await Pipeline.RunInAsync(_checkout.Root, environment, report);
            var said = string.Join(", ", environment.Select(v => $"{v.Key}={v.Value}"));
            Assert.True(plain == here, $"{said}: {here.Code}\n{here.Output}");
            Assert.True(before.SequenceEqual(Contents()), said);
        }
    }

    /// <summary>Every file that was written, links (to what was there before) left out.</summary>
    private IEnumerable<string> Written() => Directory.EnumerateFiles(_checkout.Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
        .Where(f => !f.Contains("/src/stacks/", StringComparison.Ordinal) && !f.Contains("/artifacts/bin/", StringComparison.Ordinal));

    private List<string> Contents() => [.. Written().Order(StringComparer.Ordinal).Select(f => $"{f} {ContentHash.OfFile(f)}")];
}
