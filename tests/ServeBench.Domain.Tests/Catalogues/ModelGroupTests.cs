using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Tests.Catalogues;

public sealed class ModelGroupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("groups: [g1, g2]", new[] { "g1", "g2" })]
    public void A_model_whose_kind_of_work_has_no_workload_yet_names_no_group(string line, string[] groups)
    {
        _folder.File("model.yaml", $$"""
            name: m1
            title: A model
            {{line}}
            licence: MIT
            weights-seed: 1
            source: { repository: owner/m1, revision: lock, files: { weights.bin: {} } }
            export: { architecture: net }
            parity: { near-tie: 1e-3 }
            """);
        var faults = new FaultList();
        var path = Path.Combine(_folder.Path, "model.yaml");
        var card = ModelCardReader.Read(YamlFile.Read(path, path, faults)!, _folder.Path, [new AnySection("net")]);
        faults.ThrowIfAny();
        Assert.Equal(groups, card.Groups);
    }
}
