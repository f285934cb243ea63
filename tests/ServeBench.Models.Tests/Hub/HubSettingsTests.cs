using ServeBench.Domain.Faults;
using ServeBench.Models.Hub;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Hub;

public sealed class HubSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_environment_names_hub_and_token()
    {
        Assert.Equal("https://huggingface.co/", HubSettings.FromEnvironment(_ => null).Endpoint.ToString());
        var settings = Read(("HF_TOKEN", " secret\n"), ("HF_ENDPOINT", "http://127.0.0.1:1/mirror"));
        Assert.Equal(("secret", "http://127.0.0.1:1/mirror"), (settings.Token, settings.Endpoint.ToString()));
    }

    [Fact]
    public void A_token_may_lie_in_a_file()
    {
        File.WriteAllText(_folder.File("token"), "from-file\n");
        Assert.Equal("from-file", Read(("HF_TOKEN_PATH", _folder.File("token"))).Token);
        Assert.Equal("from-file", Read(("HF_HOME", _folder.Path)).Token);
        Assert.Equal("from-variable", Read(("HF_TOKEN", "from-variable"), ("HF_HOME", _folder.Path)).Token);
        Assert.Null(Read(("HF_HOME", _folder.File("nowhere"))).Token);
    }

    [Fact]
    public void Everything_wrong_is_named_at_once_but_never_the_token()
    {
        var error = Assert.Throws<FaultException>(() => Read(("HF_TOKEN", "sec ret"), ("HF_ENDPOINT", "nonsense")));
        Assert.Equal(["HF_TOKEN", "HF_ENDPOINT"], error.Faults.Select(f => f.Where));
        Assert.DoesNotContain("ret", error.Faults[0].Problem, StringComparison.Ordinal);
        Assert.Equal("HF_TOKEN_PATH", Assert.Single(Assert.Throws<FaultException>(() => Read(("HF_TOKEN_PATH", _folder.File("nowhere")))).Faults).Where);
    }

    private static HubSettings Read(params (string Name, string Value)[] variables) =>
        HubSettings.FromEnvironment(name => variables.FirstOrDefault(v => v.Name == name).Value);
}
