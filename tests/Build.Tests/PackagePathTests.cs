using ServeBench.Build.Composition;
using ServeBench.Models.Packages;
using ServeBench.Processes.Commands;

namespace ServeBench.Build.Tests;

/// <summary>
/// The ways to build that take other packages than a plain build does. Each builds into folders of its own: neither the plain
/// build nor NuGet's folder of packages sees anything of it.
/// </summary>
[CollectionDefinition(nameof(PackagePathTests), DisableParallelization = true)]
[Collection(nameof(PackagePathTests))]
[Lane("slow")]
public sealed class PackagePathTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    private readonly string _root = RepositoryPaths.Find().Root;
    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-packages-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>
    /// Few feeds have Cake.Frosting. A stand-in is packed from the layer in build/Frosting, so what is proven is that the tasks
    /// compile against an assembly with Cake.Frosting's public names and nothing more, and that the path restores.
    /// </summary>
    [Fact]
    public async Task The_program_builds_with_Cake_Frosting_as_a_package()
    {
        var feed = Directory.CreateDirectory(Path.Combine(_folder, "feed")).FullName;
        await RunAsync("pack", WriteStandIn(), "--configuration", "Release", $"--output={feed}");
        // The script of the HTML report is read from where packages are unpacked, which a fallback folder is not.
        Copy(Path.Combine(PackageFolder.Default, "vizor.echarts"), Path.Combine(_folder, "packages", "vizor.echarts"));
        // Found in NuGet's own folder, but nothing new goes there: a stand-in must not be taken for the package one day.
        // The plain build has asked the analyzers, which take most of the time.
        await RunAsync("build", Path.Combine(_root, "build", "Build.csproj"), "--configuration", "Release", "-p:CardPackages=true", "-p:RunAnalyzers=false", $"-p:ArtifactsPath={_folder}/artifacts",
            $"-p:RestoreAdditionalProjectSources={feed}", $"-p:RestorePackagesPath={_folder}/packages/", $"-p:RestoreAdditionalProjectFallbackFolders={PackageFolder.Default}");

        var program = Path.Combine(_folder, "artifacts", "bin", "Build", "release");
        Assert.True(File.Exists(Path.Combine(program, "Cake.Frosting.dll")), "the package's assembly is not beside the program");
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_root, "build"), "packages.card*"));
    }

    /// <summary>Explicit: it takes more than half a gigabyte from the feed.</summary>
    [Fact(Explicit = true)]
    public async Task The_server_builds_with_the_runtime_for_accelerators()
    {
        await RunAsync("build", Path.Combine(_root, "src", "ServeBench.OnnxServer", "ServeBench.OnnxServer.csproj"), "--configuration", "Release",
            "-p:OnnxRuntime=gpu", $"-p:ArtifactsPath={_folder}/artifacts");
        var program = Path.Combine(_folder, "artifacts", "bin", "ServeBench.OnnxServer", "release");
        Assert.NotEmpty(Directory.EnumerateFiles(program, "libonnxruntime_providers_cuda.so", SearchOption.AllDirectories));
        Assert.NotEmpty(Directory.EnumerateFiles(program, "libonnxruntime_providers_tensorrt.so", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_root, "src"), "packages.gpu*", SearchOption.AllDirectories));
    }

    /// <summary>A project that packs build/Frosting and the engine's own assemblies under Cake.Frosting's name.</summary>
    private string WriteStandIn()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "stand-in")).FullName;
        foreach (var name in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" }) File.WriteAllText(Path.Combine(folder, name), "<Project />");
        var project = Path.Combine(folder, "Cake.Frosting.csproj");
        File.WriteAllText(project, $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Version>7.0.0</Version>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
                <GenerateDocumentationFile>false</GenerateDocumentationFile>
              </PropertyGroup>
              <Import Project="{_root}/build/Cake.props" />
              <ItemGroup>
                <Compile Include="{_root}/build/Frosting/**/*.cs" />
                <PackageReference Include="Microsoft.Extensions.DependencyInjection" Version="10.0.0" />
                <PackageReference Include="Spectre.Console" Version="0.57.2" />
                <ProjectReference Include="{_root}/src/ServeBench.Domain/ServeBench.Domain.csproj" PrivateAssets="all" />
                <None Include="$(CakeBin)Cake.*.dll;$(CakeBin)Spectre.*.dll" Pack="true" PackagePath="lib/net10.0" Visible="false" />
              </ItemGroup>
            </Project>
            """);
        return project;
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static Task<CommandResult> RunAsync(params string[] arguments) =>
        new CommandRunner().RunAsync(new CommandSpec("dotnet", [.. arguments, "--nologo", "-v:quiet", "-nodeReuse:false"]) { Timeout = Limit }, cancellationToken: TestContext.Current.CancellationToken);
}
