using System.Text;
using ServeBench.Domain.Faults;
using ServeBench.Runs.Importing;
using ServeBench.Runs.Storing;
using ServeBench.Runs.Tests.Fakes;
using ServeBench.Runs.Tests.Importing;

namespace ServeBench.Runs.Tests;

/// <summary>
/// Secrets from everywhere that they come from: variables, options, what servers say when they fail, and the files of other tools. A
/// whole run with an import, and then every file that it left is searched.
/// </summary>
[Collection("sessions")]
[Lane("slow")]
public sealed class SecretsTests : IDisposable
{
    private const string Planted = "pl4nted";

    private readonly World _world = new();
    private readonly ImportFolder _inputs = new();

    public void Dispose()
    {
        _world.Dispose();
        _inputs.Dispose();
    }

    [Fact]
    public async Task No_file_of_a_run_holds_a_secret_and_no_proxy_is_asked()
    {
        // A proxy that nothing listens at: whatever were sent through it would fail.
        string[] variables = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "HF_TOKEN"];
        var before = variables.Select(Environment.GetEnvironmentVariable).ToArray();
        try
        {
            foreach (var name in variables) Environment.SetEnvironmentVariable(name, name == "HF_TOKEN" ? $"hf_{Planted}{Planted}" : $"http://user:{Planted}@127.0.0.1:1");
            var isFirst = true;
            _world.Host.Exception = request =>
            {
                if (request.Stack.Name != "beta" || !isFirst) return null;
                isFirst = false;
                throw new RunFailedException($"https://me:{Planted}@engine answered 401 to Authorization: Bearer {Planted}00", $"Set API_TOKEN={Planted}");
            };
            var outcome = await _world.Start(r => r with { Command = $"./build.sh --registry=https://me:{Planted}@hub --password={Planted}" }).LoadAsync(TestContext.Current.CancellationToken);
            Assert.Contains(outcome.Folder.ReadDeployments(), d => d.Failure?.Contains(Redaction.Mark, StringComparison.Ordinal) == true);
            foreach (var (name, text) in Samples.All) Importer.Import(outcome.Folder, [_inputs.Write(name, text)], name, DateTimeOffset.UnixEpoch);

            var files = Directory.GetFiles(_world.Repository.Root, "*", SearchOption.AllDirectories);
            Assert.InRange(files.Length, 50, int.MaxValue);
            foreach (var file in files)
            {
                Assert.DoesNotContain(Planted, file, StringComparison.Ordinal);
                Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.ASCII.GetBytes(Planted)) < 0, $"{file} holds a secret");
            }
        }
        finally
        {
            for (var i = 0; i < variables.Length; i++) Environment.SetEnvironmentVariable(variables[i], before[i]);
        }
    }

    /// <summary>A run that was killed could not take the secrets out of the logs of its servers: whoever measures next does.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Logs_that_a_killed_run_left_are_redacted_by_the_next(bool force)
    {
        using var cancel = new CancellationTokenSource();
        var session = _world.Start();
        _world.Driver.Before = (number, _) =>
        {
            if (number == 5) cancel.Cancel();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.LoadAsync(cancel.Token));
        var killed = RunDirectory.Find(_world.Repository.Runs, "latest");
        Assert.Null(killed.ReadManifest().FinishedUtc);
        var log = Path.Combine(Directory.CreateDirectory(killed.Deployments).FullName, "left-behind.log");
        File.WriteAllText(log, $"GET http://user:{Planted}@host/x\nAuthorization: Bearer {Planted}00\nready\n");

        var outcome = await _world.Start(r => r with { Force = force }).LoadAsync(TestContext.Current.CancellationToken);

        Assert.Equal(force, outcome.Folder.Id != killed.Id);
        Assert.Equal($"GET http://{Redaction.Mark}@host/x\nAuthorization: Bearer {Redaction.Mark}\nready\n", File.ReadAllText(log));
    }
}
