using System.IO.Compression;
using ServeBench.Build.Composition;
using ServeBench.Domain.Models;
using ServeBench.Models.Packages;
using ServeBench.Processes.Commands;

namespace ServeBench.Build.Tests;

/// <summary>Restoring a package with NuGet's own client, from a folder that serves as a feed.</summary>
public sealed class NuGetFeedTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-feed-").FullName;

    public NuGetFeedTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "feed"));
        Configure(Path.Combine(_folder, "feed"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [Lane("slow")]
    public async Task A_package_is_restored_into_the_folder_that_the_users_configuration_names()
    {
        Pack("Planted.Weights", "1.2.3");
        var folder = await FetchAsync("Planted.Weights", "1.2.3");
        Assert.Equal(Path.Combine(_folder, "packages", "planted.weights", "1.2.3"), folder);
        Assert.Equal("weights", await File.ReadAllTextAsync(Path.Combine(folder, "lib", "netstandard2.1", "weights.bin"), TestContext.Current.CancellationToken));

        // What is there is not asked for again.
        Directory.Delete(Path.Combine(_folder, "feed"), recursive: true);
        Assert.Equal(folder, await FetchAsync("Planted.Weights", "1.2.3", offline: true));
    }

    [Fact]
    [Lane("slow")]
    public async Task A_package_that_no_feed_has_is_named()
    {
        var error = await Assert.ThrowsAsync<PackageUnavailableException>(() => FetchAsync("Nobody.Has.This", "1.0.0"));
        Assert.Equal("no NuGet feed here has the NuGet package Nobody.Has.This 1.0.0", error.Brief);
        Assert.Contains("NU110", error.Message, StringComparison.Ordinal);
        Assert.Contains("dotnet nuget add source", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    [Lane("slow")]
    public async Task A_feed_that_cannot_be_reached_is_told_from_one_that_has_not_got_it()
    {
        Configure("http://127.0.0.1:9/v3/index.json");
        var error = await Assert.ThrowsAsync<PackageUnavailableException>(() => FetchAsync("Planted.Weights", "1.2.3"));
        Assert.Equal("no NuGet feed can be reached for the NuGet package Planted.Weights 1.2.3", error.Brief);
    }

    [Fact]
    public async Task Offline_nothing_is_restored()
    {
        Pack("Planted.Weights", "1.2.3");
        var error = await Assert.ThrowsAsync<PackageUnavailableException>(() => FetchAsync("Planted.Weights", "1.2.3", offline: true));
        Assert.Contains("--offline", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "packages", "planted.weights")));
    }

    private Task<string> FetchAsync(string id, string version, bool offline = false) =>
        new NuGetFeed(new CommandRunner(), Path.Combine(_folder, "tools")).FetchAsync(new ModelPackage(id, version, "lib/x.dll", false, []), offline, TestContext.Current.CancellationToken);

    /// <summary>The nearest configuration above the tool's folder, as a user would have one.</summary>
    private void Configure(string source) => File.WriteAllText(Path.Combine(_folder, "nuget.config"), $"""
        <configuration>
          <config>
            <add key="globalPackagesFolder" value="{_folder}/packages" />
          </config>
          <packageSources>
            <clear />
            <add key="local" value="{source}" allowInsecureConnections="true" />
          </packageSources>
        </configuration>
        """);

    private void Pack(string id, string version)
    {
        using var archive = ZipFile.Open(Path.Combine(_folder, "feed", $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        void Add(string name, string content)
        {
            using var writer = new StreamWriter(archive.CreateEntry(name).Open());
            writer.Write(content);
        }
        Add($"{id}.nuspec", $"""
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
              <metadata><id>{id}</id><version>{version}</version><authors>nobody</authors><description>planted</description></metadata>
            </package>
            """);
        Add("lib/netstandard2.1/weights.bin", "weights");
    }
}
