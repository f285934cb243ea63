using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Storage;

namespace ServeBench.EndToEnd.Tests;

/// <summary>A server that the test has started by hand is measured as it stands, behind several fronts.</summary>
public sealed class EndpointTests : IDisposable
{
    private const string Secret = "tok-4711-not-to-be-seen";
    private const string AccessKey = "AKIDFORTHETEST";
    private const string SecretKey = "wJalr/XUtnFEMI-4711";

    private readonly string _out = Directory.CreateTempSubdirectory("servebench-test-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_out, recursive: true);

    private string[] Command(string target, params string[] more) =>
        [$"--target={target}", "--group=embeddings", "--workload=sequence-128", "--profile=smoke", "--trials=1", "--weights=seeded", $"--out={_out}", .. more];

    [Fact]
    public async Task A_server_that_runs_is_measured_beside_a_stack_that_is_deployed()
    {
        using var server = await RunningServer.StartAsync();
        var (code, output) = await Pipeline.RunAsync(Command(
            "Benchmark", $"--endpoint=mine={server.Url}", "--protocol=openai-embeddings", "--endpoint-stack=onnxruntime-dotnet", $"--endpoint-counters=mine={server.Url}",
            "--model=all-MiniLM-L6-v2", "--stack=onnxruntime-dotnet", "--track=default"));
        Assert.True(code is ExitCodes.Success or ExitCodes.Invalid, output);
        Assert.False(server.HasExited, "the server that was not ours was ended");
        var folder = new RunFolder(Path.Combine(_out, "latest"));
        var manifest = folder.ReadManifest();
        var trials = manifest.Trials.Select(t => folder.ReadTrial(t)!).ToArray();
        Assert.Contains(trials, t => t.Case.Contender == "onnxruntime-dotnet");
        var own = trials.Where(t => t.Case.Contender == "mine").ToArray();
        Assert.NotEmpty(own);
        Assert.All(own, t =>
        {
            Assert.True(t is { SampleCount: > 0, Checks: { Wrong: 0, Checked: > 0 }, Counters.Inferences: > 0, Processes: null, Load.MostPerSecond: null }, output);
            Assert.Equal((null, "not measured: it is an endpoint, not deployed by us"), (t.Server.CpuSeconds, t.Server.Source));
        });
        Assert.All(folder.ReadDeployments().Where(d => d.Stack == "mine"), d => Assert.True(
            d is { Failure: null, ColdStartSeconds: null, Isolation: null, Parity.Passed: true, Endpoint: { AnswersCompared: true, Stack: "onnxruntime-dotnet" }, Stop: null }, d.Failure));
        var report = await File.ReadAllTextAsync(Path.Combine(folder.Path, "report.md"), Ct);
        Assert.Contains("mine (endpoint, not deployed by us)", report, StringComparison.Ordinal);
        Assert.Contains("## Endpoints: what was not deployed by us?", report, StringComparison.Ordinal);
        Assert.DoesNotContain("parity not checked", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_and_token_are_used_and_seen_nowhere()
    {
        using var server = await RunningServer.StartAsync();
        var ca = Path.Combine(Directory.CreateDirectory(Path.Combine(_out, "ca")).FullName, "ca.pem");
        using var certificate = Gate.Certificate(ca);
        await using var gate = await Gate.OpenAsync(server.Url, certificate, p => p, (r, _) => r.Headers.Authorization == $"Bearer {Secret}");
        string[] endpoint = [$"--endpoint=mine={gate.Url}", "--protocol=openai-embeddings", "--endpoint-bearer=TEST_TOKEN", "--endpoint-rate=200"];
        var environment = new Dictionary<string, string> { ["TEST_TOKEN"] = Secret };

        var (code, output) = await Pipeline.RunWithAsync(environment, Command("Benchmark", [.. endpoint, $"--endpoint-ca={ca}"]));
        Assert.True(code is ExitCodes.Success or ExitCodes.Invalid, output);
        Assert.Equal(0, gate.Refused);
        var folder = new RunFolder(Path.Combine(_out, "latest"));
        Assert.All(folder.ReadManifest().Trials.Select(t => folder.ReadTrial(t)!), t => Assert.True(t is { SampleCount: > 0, Load.MostPerSecond: 200 }, output));
        // Without --model nobody said which model it serves.
        Assert.All(folder.ReadDeployments(), d => Assert.True(d is { Failure: null, Parity: null, Endpoint.AnswersCompared: false }, d.Failure));
        var report = await File.ReadAllTextAsync(Path.Combine(folder.Path, "report.md"), Ct);
        Assert.Contains("parity not checked", report, StringComparison.Ordinal);
        Assert.Contains("parity not checked", output, StringComparison.Ordinal);
        // The command can be typed again.
        Assert.Contains("--endpoint-bearer=TEST_TOKEN", folder.ReadManifest().Command, StringComparison.Ordinal);
        Assert.Contains("header Authorization from the variable TEST_TOKEN", report, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, output, StringComparison.Ordinal);
        AssertNowhere(Secret);

        // Nobody vouches for it: asked once, and refused with the remedy.
        var passed = gate.Passed;
        (code, output) = await Pipeline.RunWithAsync(environment, Command("Verify", endpoint));
        Assert.True(code == ExitCodes.Invalid, output);
        Assert.Contains("is refused by the authorities of this system", output, StringComparison.Ordinal);
        Assert.Contains("--endpoint-ca=FILE", output, StringComparison.Ordinal);
        Assert.Equal((passed, 0), (gate.Passed, gate.Refused));

        // A token that it does not know: one request, no more.
        (code, output) = await Pipeline.RunWithAsync(new Dictionary<string, string> { ["TEST_TOKEN"] = "another-4711" }, Command("Verify", [.. endpoint, $"--endpoint-ca={ca}"]));
        Assert.True(code == ExitCodes.Invalid, output);
        Assert.Contains("it was asked once, and status 403 instead of 200", output, StringComparison.Ordinal);
        Assert.DoesNotContain("another-4711", output, StringComparison.Ordinal);
        Assert.Equal(1, gate.Refused);
    }

    /// <summary>The front computes every signature the long way round, and answers on the path of SageMaker alone.</summary>
    [Fact]
    public async Task An_endpoint_of_SageMaker_gets_requests_that_are_signed()
    {
        using var server = await RunningServer.StartAsync();
        await using var gate = await Gate.OpenAsync(server.Url, null, _ => "/v1/embeddings", IsSigned);
        var environment = new Dictionary<string, string> { ["AWS_ACCESS_KEY_ID"] = AccessKey, ["AWS_SECRET_ACCESS_KEY"] = SecretKey, ["AWS_REGION"] = "eu-central-1", ["AWS_SESSION_TOKEN"] = "" };
        var (code, output) = await Pipeline.RunWithAsync(environment, Command(
            "Benchmark", $"--endpoint=mine={gate.Url}endpoints/mine/invocations", "--endpoint-stack=sagemaker", "--model=all-MiniLM-L6-v2"));
        Assert.True(code is ExitCodes.Success or ExitCodes.Invalid, output);
        Assert.Equal(0, gate.Refused);
        var folder = new RunFolder(Path.Combine(_out, "latest"));
        Assert.All(folder.ReadManifest().Trials.Select(t => folder.ReadTrial(t)!), t => Assert.True(t is { SampleCount: > 0, Checks: { Wrong: 0, Checked: > 0 } }, output));
        AssertNowhere(SecretKey);
        // Signed with another secret.
        environment["AWS_SECRET_ACCESS_KEY"] = "something-else-4711";
        (code, output) = await Pipeline.RunWithAsync(environment, Command("Verify", $"--endpoint=mine={gate.Url}endpoints/mine/invocations", "--endpoint-stack=sagemaker"));
        Assert.True(code == ExitCodes.Invalid, output);
        Assert.Equal(1, gate.Refused);
    }

    [Fact]
    public async Task What_is_missing_or_not_agreed_to_is_said_before_anything_is_sent()
    {
        var (code, output) = await Pipeline.RunAsync(Command("Benchmark", "--endpoint=a=http://192.0.2.1"));
        Assert.True(code == ExitCodes.Usage, output);
        Assert.Contains("load would be sent to what is not this machine's: a: http://192.0.2.1 (192.0.2.1), at most 20 requests/s. Agree with --yes", output, StringComparison.Ordinal);

        (code, output) = await Pipeline.RunAsync(Command("Benchmark", "--endpoint=a=http://127.0.0.1:1", "--endpoint-bearer=SERVEBENCH_TEST_NOT_SET"));
        Assert.True(code == ExitCodes.Usage, output);
        Assert.Contains("the variable that the value of its header Authorization comes from is not set", output, StringComparison.Ordinal);

        (code, output) = await Pipeline.RunAsync(Command("Benchmark", "--endpoint=a=https://192.0.2.1", "--dryrun"));
        Assert.True(code == ExitCodes.Success, output);
        Assert.Contains("Would load a at https://192.0.2.1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_at_the_address_is_a_failed_deployment()
    {
        var (code, output) = await Pipeline.RunAsync(Command("Verify", $"--endpoint=mine=http://127.0.0.1:{RunningServer.FreePort()}"));
        Assert.True(code == ExitCodes.Invalid, output);
        Assert.Contains("mine: nobody answers at http://127.0.0.1:", output, StringComparison.Ordinal);
    }

    private void AssertNowhere(string secret)
    {
        string[] folders = [_out, Path.Combine(Pipeline.Root, "artifacts", "results"), Path.Combine(Pipeline.Root, "artifacts", "logs"), Path.Combine(Pipeline.Root, "artifacts", "k6")];
        foreach (var file in folders.Where(Directory.Exists).SelectMany(f => Directory.EnumerateFiles(f, "*", SearchOption.AllDirectories)))
            Assert.False(Encoding.Latin1.GetString(File.ReadAllBytes(file)).Contains(secret, StringComparison.Ordinal), file);
    }

    private static bool IsSigned(HttpRequest request, byte[] body)
    {
        var form = Regex.Match(
            $"{request.Headers.Authorization}",
            $"^AWS4-HMAC-SHA256 Credential={AccessKey}/([0-9]{{8}})/eu-central-1/sagemaker/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=([0-9a-f]{{64}})$");
        var time = $"{request.Headers["x-amz-date"]}";
        if (!form.Success || !time.StartsWith(form.Groups[1].Value, StringComparison.Ordinal) || request.Path != "/endpoints/mine/invocations") return false;
        var canonical = $"POST\n{request.Path}\n\ncontent-type:{request.ContentType}\nhost:{request.Host}\nx-amz-date:{time}\n\ncontent-type;host;x-amz-date\n{Hex(SHA256.HashData(body))}";
        var toSign = $"AWS4-HMAC-SHA256\n{time}\n{form.Groups[1].Value}/eu-central-1/sagemaker/aws4_request\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = new[] { form.Groups[1].Value, "eu-central-1", "sagemaker", "aws4_request" }
            .Aggregate(Encoding.UTF8.GetBytes("AWS4" + SecretKey), (k, part) => HMACSHA256.HashData(k, Encoding.UTF8.GetBytes(part)));
        return Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign))) == form.Groups[2].Value;
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
