using ServeBench.Domain.Faults;
using ServeBench.Domain.Targets;
using ServeBench.Hosts.Endpoint;

namespace ServeBench.Hosts.Tests.Endpoint;

public sealed class AwsCredentialsTests : IDisposable
{
    private const string Host = "runtime.sagemaker.eu-central-1.amazonaws.com";
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("servebench-test-");
    private readonly FaultList _faults = [];
    private readonly Dictionary<string, string> _variables;

    public AwsCredentialsTests() => _variables = new Dictionary<string, string> { ["HOME"] = _home.FullName };

    public void Dispose() => _home.Delete(recursive: true);

    private AwsSigning? Find(string host = Host) => AwsCredentials.Find(host, "sagemaker", _variables.GetValueOrDefault, _faults);

    [Fact]
    public void Variables_come_first_and_the_host_says_the_region()
    {
        Store("[default]\naws_access_key_id = stored\naws_secret_access_key = stored\n");
        (_variables["AWS_ACCESS_KEY_ID"], _variables["AWS_SECRET_ACCESS_KEY"], _variables["AWS_SESSION_TOKEN"]) = ("id", "secret", "token");
        Assert.Equal(("eu-central-1", "sagemaker", "id", "secret", "token"), Parts(Find()));
        _variables["AWS_REGION"] = "us-west-2";
        Assert.Equal("us-west-2", Find()?.Region);
        Assert.Empty(_faults);
    }

    [Fact]
    public void A_profile_of_the_credentials_file_does_where_there_are_no_variables()
    {
        Store("# ours\n[default]\naws_access_key_id = other\naws_secret_access_key = other\n[bench]\naws_access_key_id=id\naws_secret_access_key=se=cret\n");
        File.WriteAllText(Path.Combine(_home.FullName, ".aws", "config"), "[profile bench]\nregion = eu-west-3\n");
        _variables["AWS_PROFILE"] = "bench";
        Assert.Equal(("eu-west-3", "sagemaker", "id", "se=cret", null), Parts(Find("models.test")));
        Assert.Empty(_faults);
    }

    [Fact]
    public void What_is_missing_is_said_all_at_once()
    {
        Assert.Null(Find("models.test"));
        Assert.Equal(
            ["the region of models.test is not known", "there are no credentials of AWS to sign requests to models.test with"], _faults.Select(f => f.Problem));
    }

    /// <summary>An id without its secret is not filled up from the file: the two would not belong together.</summary>
    [Fact]
    public void Halves_are_not_mixed()
    {
        Store("[default]\naws_access_key_id = stored\naws_secret_access_key = stored\n");
        _variables["AWS_ACCESS_KEY_ID"] = "id";
        Assert.Null(Find());
        Assert.Single(_faults);
    }

    private void Store(string text)
    {
        _home.CreateSubdirectory(".aws");
        File.WriteAllText(Path.Combine(_home.FullName, ".aws", "credentials"), text);
    }

    private static (string, string, string, string, string?) Parts(AwsSigning? of) => (of!.Region, of.Service, of.AccessKey, of.SecretKey, of.SessionToken);
}
