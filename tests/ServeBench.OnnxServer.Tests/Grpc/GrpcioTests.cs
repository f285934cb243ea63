using System.Diagnostics;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Grpc;

/// <summary>The same service asked by grpcio, gRPC's client for Python, which shares no code with that for .NET.</summary>
[Lane("python")]
public sealed class GrpcioTests(GrpcServer grpc) : IClassFixture<GrpcServer>
{
    [Fact]
    public async Task Grpcio_understands_every_answer()
    {
        var folder = Path.Combine(Repository.Root, "tests", "ServeBench.OnnxServer.Tests");
        string? python = null;
        foreach (var candidate in new[] { "python3", "/usr/bin/python3" })
        {
            if (python is null && await RunAsync(candidate, "-c", "import grpc, google.protobuf") is (0, _)) python = candidate;
        }
        Assert.SkipWhen(python is null, "python3 has no grpcio (Debian: python3-grpcio, python3-protobuf)");
        var (code, output) = await RunAsync(
            python!,
            Path.Combine(folder, "Grpc", "client.py"),
            $"{grpc.Server.GrpcAddress.Host}:{grpc.Server.GrpcAddress.Port}",
            Path.Combine(Repository.Root, "src", "ServeBench.OnnxServer", "Protos", "services.pb"),
            Path.Combine(folder, "Images", "Vectors", "420.jpg"));
        Assert.True(code == 0, output);
        var due = grpc.Images.Run("420.jpg");
        var given = output.Split('\n').Single(l => l.StartsWith("logits ", StringComparison.Ordinal)).Split(' ').Skip(1).Select(float.Parse).ToArray();
        Assert.Equal(due.Length, given.Length);
        Assert.All(due.Zip(given), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    private static async Task<(int Code, string Output)> RunAsync(string python, params string[] arguments)
    {
        using var process = new Process { StartInfo = new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false } };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, e.Message);
        }
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
        return (process.ExitCode, await output + await errors);
    }
}
