using ServeBench.Domain.Faults;
using ServeBench.Domain.Stacks;

namespace ServeBench.Domain.Tests.Catalogues;

/// <summary>What a stack says of its model repository, and of what stands behind it.</summary>
public sealed partial class CatalogueReaderTests
{
    [Fact]
    public void A_model_repository_is_read_entry_by_entry()
    {
        _folder.File("src/stacks/s1/app/code.py", "pass");
        _folder.File("src/stacks/s1/default.txt", "${model} ${cores} ${manifest:outputs[0].name}");
        AddToStack("""
            model-repository:
              "${model}/1/m.onnx": { model-file: "${model-file}" }
              config.json: { made: config.json }
              settings.txt: { template: "${track}.txt" }
              code: { copy: app }
            evidence: { kind: recorded, on: "2026-11-29", version: "1.2" }
            features: [batching]
            """);
        var stack = Assert.Single(Read().Stacks);
        Assert.Equal(["${model}/1/m.onnx", "config.json", "settings.txt", "code"], stack.ModelRepository.Select(f => f.Path));
        Assert.Equal(("${model-file}", "config.json", "${track}.txt", "app"),
            (stack.ModelRepository[0].ModelFile, stack.ModelRepository[1].Made, stack.ModelRepository[2].Template, stack.ModelRepository[3].Copy));
        Assert.Equal(64, stack.ModelRepository[3].CopySha256!.Length);
        Assert.Equal(new StackEvidence("recorded", "2026-11-29", "1.2"), stack.Evidence);
        Assert.Equal(["batching"], stack.Features);
    }

    [Theory]
    [InlineData("m: { made: a, copy: app }", "must say once what it is")]
    [InlineData("m: {}", "must say once what it is")]
    [InlineData("../m: { made: a }", "is no path inside of a folder")]
    [InlineData("m: { template: other.txt }", "there is no 'other.txt' in the stack's folder")]
    [InlineData("m: { template: \"${track}.tpl\" }", "there is no 'default.tpl' in the stack's folder")]
    [InlineData("m: { template: ../s2/x }", "leaves the stack's folder")]
    [InlineData("m: { copy: nowhere }", "there is no 'nowhere', seen from the stack's folder")]
    [InlineData("m: { copy: ../../../../x }", "leaves the repository")]
    [InlineData("\"${modle}\": { made: a }", "no placeholder of a model repository is called ${modle}")]
    [InlineData("m: { model-file: \"${manifest:}\" }", "the path is empty")]
    [InlineData("m: { maed: a }", "this key is not known here")]
    public void A_fault_in_a_model_repository_is_found(string entry, string problem)
    {
        AddToStack($"model-repository:\n  {entry}\n");
        Assert.Contains(Assert.Throws<FaultException>(Read).Faults, f => f.Problem.Contains(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("evidence: { kind: hearsay }", "'hearsay' is not known here")]
    [InlineData("evidence: { kind: run, on: \"yesterday\" }", "'yesterday' is no day")]
    [InlineData("features: [flying]", "'flying' is not a feature")]
    public void What_stands_behind_a_stack_is_read_strictly(string line, string problem)
    {
        AddToStack(line);
        Assert.Contains(Assert.Throws<FaultException>(Read).Faults, f => f.Problem.Contains(problem, StringComparison.Ordinal));
    }

    private void AddToStack(string lines)
    {
        var path = Path.Combine(_folder.Path, Stack);
        File.WriteAllText(path, $"{File.ReadAllText(path)}\n{lines}\n");
    }
}
