using Microsoft.Extensions.Logging;
using ServeBench.Domain.Faults;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Configuration;

public sealed class ServerOptionsTests(PreparedMiniLm model)
{
    [Fact]
    public void Every_fault_is_found_at_once()
    {
        var faults = Faults("--url=x", "--max-batch=0", "--threads=two", "--batching=dynamical", "--max-delay=5", "loose", "--max-items");

        Assert.Equal(
            [
                "--url: no option has this name. Did you mean --urls?",
                "command line: 'loose' is not an option. Options look like --model=artifacts/models/all-MiniLM-L6-v2/current; see --help.",
                "--max-items: this option needs a value. For example --max-items=256.",
                "--model: no model is given. For example --model=artifacts/models/all-MiniLM-L6-v2/current.",
                "--threads: 'two' is not a whole number from 1 to 1024. For example --threads=1.",
                "--batching: 'dynamical' is not known here. Did you mean dynamic? (known: dynamic, none)",
                "--max-batch: '0' is not a whole number from 1 to 4096. For example --max-batch=64.",
                "--max-delay: '5' is not a time from 0s to 10s, such as 500us, 2ms or 1s. For example --max-delay=2ms.",
            ],
            faults);
    }

    /// <summary>The raw runtime that efficiency is held against takes the defaults of the settings; so must the server.</summary>
    [Fact]
    public void A_session_is_set_up_as_the_raw_runtime_is_by_default() =>
        Assert.Equal(new ServeBench.Models.Inference.SessionSettings().Spin, new ServerOptions { Models = [] }.Spin);

    [Theory]
    [InlineData("--model=/no/such/folder", "the folder '/no/such/folder' does not exist")]
    [InlineData("--model=minilm=/no/such/folder", "the folder '/no/such/folder' does not exist")]
    [InlineData("--urls=https://127.0.0.1:1", "'https://127.0.0.1:1' is not an address of the form http://HOST:PORT")]
    [InlineData("--urls=http://127.0.0.1", "'http://127.0.0.1' is not an address")]
    [InlineData("--urls=http://example.com:80", "'http://example.com:80' is not an address")]
    [InlineData("--urls=http://127.0.0.1:65536", "'http://127.0.0.1:65536' is not an address")]
    [InlineData("--port=65536", "'65536' is not a whole number from 0 to 65535")]
    [InlineData("--host=example.com", "'example.com' is not an IP address, localhost or *")]
    [InlineData("--help=5", "this is a switch and takes no value, not '5'")]
    public void A_wrong_value_is_named(string argument, string problem) => Assert.Contains(Faults(argument), f => f.Contains(problem));

    [Fact]
    public void A_folder_without_a_manifest_is_no_model()
    {
        var folder = AppContext.BaseDirectory;
        Assert.Contains(Faults($"--model={folder}"), f => f.Contains($"the folder '{folder}' holds no model.json. Give a folder"));
    }

    [Fact]
    public void An_option_given_twice_is_a_fault() => Assert.Contains("--threads: this option is given twice. Give it once.", Faults("--threads=1", "--threads=2"));

    [Fact]
    public void Options_are_read()
    {
        var options = RunningServer.Options(
            $"--model={model.Folder}", "--model", $"other={model.Folder}", "--urls=http://127.0.0.1:1;http://[::1]:2;http://*:3/", "--instances=2", "--threads=3", "--spin=on",
            "--batching=none", "--grouping=arrival", "--max-batch=8", "--max-batch-tokens=100", "--max-delay=1.5ms", "--max-queue=9", "--max-items=7",
            "--max-body=2000", "--long-inputs=truncate", "--log-level=error", "--log-format=json",
            "--provider=cuda", "--device=1", "--cache=/tmp/x", "--max-wait=2s", "--timeout=3s", "--max-connections=5", "--read-timeout=4s", "--drain-time=1s", "--stop-time=6s",
            "--max-sequences=3", "--max-context=99", "--cache-memory=77", "--prompt-part=55");

        Assert.Equal([new ModelFolder(null, model.Folder), new ModelFolder("other", model.Folder)], options.Models);
        Assert.Equal([new ListenUrl("127.0.0.1", 1), new ListenUrl("::1", 2), new ListenUrl("*", 3)], options.Urls);
        Assert.Equal(2, options.Instances);
        Assert.Equal(3, options.Threads);
        Assert.True(options.Spin);
        Assert.Equal(BatchingMode.None, options.Batching);
        Assert.Equal(GroupingMode.Arrival, options.Grouping);
        Assert.Equal(8, options.MaxBatch);
        Assert.Equal(100, options.MaxBatchTokens);
        Assert.Equal(TimeSpan.FromMilliseconds(1.5), options.MaxDelay);
        Assert.Equal(9, options.MaxQueue);
        Assert.Equal(7, options.MaxItems);
        Assert.Equal(2000, options.MaxBody);
        Assert.True(options.Truncate);
        Assert.Equal(LogLevel.Error, options.LogLevel);
        Assert.True(options.LogsJson);
        Assert.Equal(Provider.Cuda, options.Provider);
        Assert.Equal(1, options.Device);
        Assert.Equal("/tmp/x", options.Cache);
        Assert.Equal(TimeSpan.FromSeconds(2), options.MaxWait);
        Assert.Equal(TimeSpan.FromSeconds(3), options.Timeout);
        Assert.Equal(5, options.MaxConnections);
        Assert.Equal(TimeSpan.FromSeconds(4), options.ReadTimeout);
        Assert.Equal(TimeSpan.FromSeconds(1), options.DrainTime);
        Assert.Equal(TimeSpan.FromSeconds(6), options.StopTime);
        Assert.Equal((3, 99, 77, 55), (options.MaxSequences, options.MaxContext, options.CacheMemory, options.PromptPart));
    }

    [Theory]
    [InlineData("http://127.0.0.1:9000", "--port=9000")]
    [InlineData("http://0.0.0.0:8080", "--host", "0.0.0.0")]
    [InlineData("http://localhost:1", "--host=localhost", "--port", "1")]
    [InlineData("http://[::1]:0", "--host=::1", "--port=0")]
    [InlineData("http://*:7", "--port=7", "--host=*")]
    public void The_address_may_be_given_in_parts(string address, params string[] arguments) =>
        Assert.Equal(address, RunningServer.Options([$"--model={model.Folder}", .. arguments]).Urls.Single().ToString());

    [Fact]
    public void The_address_is_said_once() =>
        Assert.Contains("--urls: --port says where to listen, too. Give --urls, or --host and --port, not both.", Faults("--urls=http://127.0.0.1:1", "--port=2"));

    [Theory]
    [InlineData("--port=2", "http://127.0.0.1:2")]
    [InlineData("--urls=http://127.0.0.1:3", "http://127.0.0.1:3")]
    public void The_source_that_counts_first_says_where_to_listen(string argument, string address)
    {
        var faults = new FaultList();
        var values = CommandLineSource.Read([$"--model={model.Folder}", argument], faults);
        var environment = new Dictionary<string, string> { ["SERVEBENCH_SERVER_URLS"] = "http://127.0.0.1:4", ["SERVEBENCH_SERVER_HOST"] = "0.0.0.0", ["SERVEBENCH_SERVER_MODEL"] = model.Folder };
        values.FillFrom(EnvironmentSource.Read(environment, faults));
        Assert.Equal(argument.StartsWith("--port", StringComparison.Ordinal) ? "http://0.0.0.0:2" : address, new ServerOptionsReader(values, faults).Read().Urls.Single().ToString());
        Assert.Empty(faults);
    }

    [Fact]
    public void Help_names_every_option_with_its_default_where_there_is_one()
    {
        var help = ServerHelp.Render();
        Assert.All(ServerOptionList.All, option => Assert.Contains(option.Usage, help));
        Assert.All(help.Split('\n'), line => Assert.True(line.Length <= 130, line));
    }

    private static string[] Faults(params string[] arguments)
    {
        var faults = new FaultList();
        new ServerOptionsReader(CommandLineSource.Read(arguments, faults), faults).Read();
        return [.. faults.Select(f => f.ToString())];
    }
}
