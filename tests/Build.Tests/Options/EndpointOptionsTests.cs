using ServeBench.Build.Composition;
using ServeBench.Build.Options;
using ServeBench.Build.Terminal;
using ServeBench.Domain.Faults;
using ServeBench.Hosts.Endpoint;

namespace ServeBench.Build.Tests.Options;

/// <summary>Servers that run already, against the catalogue of this repository.</summary>
public sealed class EndpointOptionsTests : IDisposable
{
    private readonly Screen _screen = new();
    private readonly FaultList _faults = [];

    public void Dispose() => _screen.Dispose();

    private BuildOptions Read(params string[] arguments)
    {
        using var services = new ProgramServices(RepositoryPaths.Find(), _screen);
        return services.Read(CommandLine.Parse(arguments, _faults), _faults)!;
    }

    [Fact]
    public void Each_endpoint_gets_what_is_given_for_it_and_for_all()
    {
        var endpoints = Read(
            "--endpoint=mine=http://127.0.0.1:8080/, yours=https://models.example.org/base", "--protocol=yours=open-inference-grpc,openai-embeddings",
            "--endpoint-bearer=yours=TOKEN", "--endpoint-header=X-Team@TEAM,mine=X-Key@KEY", "--endpoint-rate=yours=7.5", "--endpoint-stack=mine=onnxruntime-dotnet",
            "--endpoint-counters=mine=http://127.0.0.1:8080/metrics", "--endpoint-model=served", "--endpoint-ca=yours=ca.pem", "--model=all-MiniLM-L6-v2").Endpoints;
        Assert.Empty(_faults);
        var (mine, yours) = (endpoints.Named[0], endpoints.Named[1]);
        Assert.Equal(("mine", "http://127.0.0.1:8080", "onnxruntime-dotnet", "http://127.0.0.1:8080/metrics", "served", (double?)null, (string?)null), (mine.Name, mine.Url, mine.Stack, mine.Counters, mine.Model, mine.MostPerSecond, mine.CaFile));
        Assert.Equal([new HeaderSource("X-Key", "", "KEY"), new HeaderSource("X-Team", "", "TEAM")], mine.Headers);
        Assert.Equal(("yours", "https://models.example.org/base", "any-endpoint", (string?)null, 7.5), (yours.Name, yours.Url, yours.Stack, yours.Counters, yours.MostPerSecond));
        Assert.Equal([new HeaderSource("Authorization", "Bearer ", "TOKEN"), new HeaderSource("X-Team", "", "TEAM")], yours.Headers);
        Assert.Equal(Path.Combine(RepositoryPaths.Find().Root, "ca.pem"), yours.CaFile);
        Assert.Equal(("openai-embeddings", "open-inference-grpc"), (endpoints.Protocols["mine"], endpoints.Protocols["yours"]));
        Assert.True(endpoints.Alone && mine.ComparesAnswers);
    }

    [Fact]
    public void What_is_not_this_machines_is_bounded_unless_the_user_says_otherwise()
    {
        var endpoints = Read("--endpoint=a=http://localhost:1,b=https://b.example.org,c=https://c.example.org,d=http://127.0.0.1:1", "--endpoint-rate=c=none,d=5", "--stack=onnxruntime-dotnet").Endpoints;
        Assert.Empty(_faults);
        Assert.Equal([null, EndpointOptions.MostPerSecondElsewhere, null, 5], endpoints.Named.Select(e => e.MostPerSecond));
        Assert.False(endpoints.Alone);
        Assert.All(endpoints.Named, e => Assert.False(e.ComparesAnswers));
    }

    /// <summary>What was given where the name of a variable belongs may be the secret: no fault repeats it.</summary>
    [Theory]
    [InlineData("--endpoint-bearer=hf-secret.1", "--endpoint-bearer: what is given for mine is not the name of an environment variable. Put the secret into a variable and name that, without a dollar sign")]
    [InlineData("--endpoint-header=X-Key@sk-secret.1", "--endpoint-header: what is given for mine is not the name of an environment variable")]
    [InlineData("--endpoint-header=X-Key", "--endpoint-header: what is given for mine")]
    [InlineData("--endpoint-bearer=AbC123==", "--endpoint-bearer: what stands before = is no endpoint's name")]
    [InlineData("--endpoint-stack=onnxruntime-dotnett", "--endpoint-stack: no stack is called 'onnxruntime-dotnett'. Did you mean onnxruntime-dotnet?")]
    [InlineData("--protocol=openai-embedding", "--protocol: no protocol is called 'openai-embedding'")]
    [InlineData("--endpoint-rate=0", "--endpoint-rate: '0' is not a rate from 0.1 to 1000000 requests/s")]
    [InlineData("--endpoint-ca=ca.pem", "--endpoint-ca: http://127.0.0.1:1 has no certificate")]
    [InlineData("--endpoint-counters=mine=ftp://x/", "--endpoint-counters: the address of mine is not one of http:// or https://")]
    public void Wrong_values_say_what_to_do(string option, string expected)
    {
        Read("--endpoint=mine=http://127.0.0.1:1", option);
        var fault = Assert.Single(_faults).ToString();
        Assert.StartsWith(expected, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("secret.1", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", "'http://127.0.0.1:1' has no plain name in front")]
    [InlineData("Mine=http://127.0.0.1:1", "'Mine' has no plain name in front")]
    [InlineData("onnxruntime-dotnet=http://127.0.0.1:1", "'onnxruntime-dotnet' is already the name of a stack or of another endpoint")]
    [InlineData("a=http://127.0.0.1:1,a=http://127.0.0.1:2", "'a' is already the name")]
    [InlineData("a=127.0.0.1:1", "the address of a is not one of http:// or https://")]
    [InlineData("a=https://user:pass1word@example.org", "the address of a holds credentials, which would be stored with the results")]
    [InlineData("a=https://example.org/?key=pass1word", "the address of a has a query or a fragment")]
    public void Wrong_addresses_are_refused(string endpoint, string expected)
    {
        Read($"--endpoint={endpoint}");
        var fault = Assert.Single(_faults).ToString();
        Assert.StartsWith($"--endpoint: {expected}", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("pass1word", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_of_endpoints_need_one()
    {
        Read("--protocol=openai-embeddings", "--endpoint-bearer=TOKEN");
        Assert.Equal(["--protocol: there is no endpoint.", "--endpoint-bearer: there is no endpoint."], _faults.Select(f => $"{f.Where}: {f.Problem}."));
    }

    /// <summary>Every missing secret at once, by the header's name; nothing is sent.</summary>
    [Fact]
    public void What_is_missing_is_said_before_anything_is_sent()
    {
        var options = Read("--endpoint=a=http://127.0.0.1:1,b=http://127.0.0.1:2", "--endpoint-header=X-Key@SERVEBENCH_TEST_NOT_SET", "--endpoint-counters=a=http://127.0.0.1:3/metrics");
        Assert.Empty(_faults);
        using var services = new ProgramServices(RepositoryPaths.Find(), _screen);
        var e = Assert.Throws<FaultException>(() => EndpointStacks.Check(options, services.Catalogue, _screen));
        Assert.Contains(e.Faults, f => f.Problem == "a: the variable that the value of its header X-Key comes from is not set");
        Assert.Contains(e.Faults, f => f.Problem == "b: the variable that the value of its header X-Key comes from is not set");
        Assert.Contains(e.Faults, f => f.Problem == "a: the folder of any-endpoint does not say what its counters are called");
    }

    /// <summary>192.0.2.1 is an address that is nobody's (RFC 5737); no packet is sent to it.</summary>
    [Fact]
    public void Load_goes_to_other_machines_only_with_consent()
    {
        using var services = new ProgramServices(RepositoryPaths.Find(), _screen);
        var e = Assert.Throws<FaultException>(() => EndpointStacks.Check(Read("--endpoint=a=http://192.0.2.1:80,b=http://127.0.0.1:1"), services.Catalogue, _screen));
        Assert.Equal(
            "--endpoint: load would be sent to what is not this machine's: a: http://192.0.2.1 (192.0.2.1), at most 20 requests/s. Agree with --yes, where you may load it.",
            Assert.Single(e.Faults).ToString());
        EndpointStacks.Check(Read("--endpoint=a=http://192.0.2.1:80", "--yes"), services.Catalogue, _screen);
        EndpointStacks.Check(Read("--endpoint=b=http://127.0.0.1:1"), services.Catalogue, _screen);
        // Counters of another machine are asked for, too.
        Assert.Throws<FaultException>(() => EndpointStacks.Check(
            Read("--endpoint=b=http://127.0.0.1:1", "--endpoint-stack=onnxruntime-dotnet", "--endpoint-counters=b=http://192.0.2.1/metrics"), services.Catalogue, _screen));
    }

    [Fact]
    public void A_dry_run_says_what_would_be_sent_where()
    {
        using var services = new ProgramServices(RepositoryPaths.Find(), _screen);
        var options = Read("--group=embeddings", "--endpoint=mine=https://192.0.2.1", "--endpoint-bearer=SERVEBENCH_TEST_NOT_SET", "--protocol=openai-embeddings");
        Assert.Equal(
            ["Would load mine at https://192.0.2.1, as any-endpoint, over openai-embeddings; certificate of an authority of this system; "
                + "header Authorization from a variable that is not set; at most 20 requests/s; parity not checked: --model does not say which model it serves; no counters"],
            EndpointStacks.Describe(options, services.Catalogue));
    }

    [Fact]
    public void Folders_of_services_say_how_requests_are_signed()
    {
        using var services = new ProgramServices(RepositoryPaths.Find(), _screen);
        var aws = (EndpointSettings)services.Catalogue.Stack("sagemaker").Hosts["endpoint"];
        Assert.Equal((true, "sagemaker", (HeaderSource?)null), (aws.IsWholePath, aws.AwsService, aws.Token));
        var azure = (EndpointSettings)services.Catalogue.Stack("azureml").Hosts["endpoint"];
        Assert.Equal((false, (string?)null, new HeaderSource("Authorization", "Bearer ", "AZUREML_ENDPOINT_KEY")), (azure.IsWholePath, azure.AwsService, azure.Token));
    }
}
