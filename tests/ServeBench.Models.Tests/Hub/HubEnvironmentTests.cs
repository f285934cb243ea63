using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Models.Hub;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Hub;

/// <summary>The variables of the hub's own library, each as that reads it.</summary>
public sealed class HubEnvironmentTests : HubTests
{
    [Theory]
    [InlineData("1", null, "HF_HUB_OFFLINE")]
    [InlineData("ON", null, "HF_HUB_OFFLINE")]
    [InlineData("yes", null, "HF_HUB_OFFLINE")]
    [InlineData("True", "0", "HF_HUB_OFFLINE")]
    [InlineData(null, "1", "TRANSFORMERS_OFFLINE")]
    [InlineData("", "true", "TRANSFORMERS_OFFLINE")]
    [InlineData("0", "1", null)]
    [InlineData("false", null, null)]
    [InlineData("2", null, null)]
    [InlineData(" 1", null, null)]
    [InlineData(null, null, null)]
    public void Offline_is_what_it_calls_true(string? hub, string? transformers, string? because) =>
        Assert.Equal(because, Read(("HF_HUB_OFFLINE", hub), ("TRANSFORMERS_OFFLINE", transformers)).OfflineBecauseOf);

    [Fact]
    public void The_cache_is_where_it_looks_first()
    {
        Assert.Equal("/c", Read(("HF_HUB_CACHE", "/c"), ("HUGGINGFACE_HUB_CACHE", "/d"), ("HF_HOME", "/h")).Cache);
        Assert.Equal("/d", Read(("HUGGINGFACE_HUB_CACHE", "/d"), ("HF_HOME", "/h")).Cache);
        Assert.Equal(Path.Combine("/h", "hub"), Read(("HF_HOME", "/h")).Cache);
        Assert.Null(Read().Cache);
    }

    [Fact]
    public void The_token_is_found_as_it_finds_it_and_not_sent_where_it_would_not()
    {
        Assert.Equal("a", Read(("HF_TOKEN", "a"), ("HUGGING_FACE_HUB_TOKEN", "b")).Token);
        Assert.Equal("b", Read(("HUGGING_FACE_HUB_TOKEN", "b")).Token);
        foreach (var yes in new[] { "1", "true", "Yes", "ON" }) Assert.Null(Read(("HF_TOKEN", "a"), ("HF_HUB_DISABLE_IMPLICIT_TOKEN", yes)).Token);
        Assert.Equal("a", Read(("HF_TOKEN", "a"), ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "0")).Token);
    }

    [Theory]
    [InlineData("https://user:hunter2@mirror.example")]
    [InlineData("https://hunter2@mirror.example/path")]
    [InlineData("ftp://user:hunter2@mirror.example")]
    [InlineData("//user:hunter2@mirror")]
    public void A_secret_in_the_address_is_refused_and_not_shown(string endpoint)
    {
        var fault = Assert.Single(Assert.Throws<FaultException>(() => Read(("HF_ENDPOINT", endpoint))).Faults).ToString();
        Assert.Contains("HF_TOKEN", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HF_HUB_OFFLINE")]
    [InlineData("TRANSFORMERS_OFFLINE")]
    [Lane("slow")]
    public async Task Offline_asks_nothing_and_says_why(string variable)
    {
        await using var hub = new TinyHub { Environment = s => s with { OfflineBecauseOf = variable } };
        var artifact = await hub.PrepareAsync(WeightsSource.Auto);
        Assert.Equal(("seeded", $"{variable} forbids to download others"), (artifact.Weights, artifact.WeightsReason));
        Assert.Contains($"{variable} forbids", (await Assert.ThrowsAsync<RunFailedException>(() => hub.PrepareAsync())).Message, StringComparison.Ordinal);
        Assert.Empty(hub.Requests);
    }

    [Fact]
    public async Task What_the_library_has_in_its_cache_is_taken_from_there_even_offline()
    {
        await using var hub = new TinyHub { Environment = s => s with { OfflineBecauseOf = "HF_HUB_OFFLINE", Cache = Folder.Path } };
        var snapshot = Directory.CreateDirectory(Path.Combine(Folder.Path, "models--owner--tiny", "snapshots", new string('1', 40))).FullName;
        foreach (var (name, content) in hub.Files) await File.WriteAllBytesAsync(Path.Combine(snapshot, name), content, TestContext.Current.CancellationToken);
        var artifact = await hub.PrepareAsync(WeightsSource.Auto);
        Assert.Equal(("pretrained", $"found in {Folder.Path}"), (artifact.Weights, artifact.WeightsReason));
        Assert.Empty(hub.Requests);
    }

    [Fact]
    public async Task What_is_wrong_in_the_cache_is_not_taken()
    {
        await using var hub = new TinyHub { Environment = s => s with { OfflineBecauseOf = "HF_HUB_OFFLINE", Cache = Folder.Path } };
        var snapshot = Directory.CreateDirectory(Path.Combine(Folder.Path, "models--owner--tiny", "snapshots", new string('1', 40))).FullName;
        foreach (var (name, content) in hub.Files) await File.WriteAllBytesAsync(Path.Combine(snapshot, name), name == TinyHub.Weights ? content[..^1] : content, TestContext.Current.CancellationToken);
        Assert.Equal("seeded", (await hub.PrepareAsync(WeightsSource.Auto)).Weights);
    }

    [Fact]
    public async Task A_hub_that_leaves_the_length_out_of_HEAD_is_asked_by_GET()
    {
        await using var hub = new MisbehavingHub((request, answer) => request.Method == "HEAD" ? answer.SendAsync("200 OK", Metadata) : answer.FileAsync(request, Content, Metadata));
        await DownloadAsync(hub);
        Assert.Equal(Content, Downloaded());
    }

    [Fact]
    public async Task A_hub_that_never_says_a_length_is_refused()
    {
        await using var hub = new MisbehavingHub((_, answer) => answer.SendAsync("200 OK", Metadata, Content));
        Assert.Contains("does not say how long it is", await UnavailableAsync(hub), StringComparison.Ordinal);
    }

    private static HubSettings Read(params (string Name, string? Value)[] variables) => HubSettings.FromEnvironment(name => variables.FirstOrDefault(v => v.Name == name).Value);
}
