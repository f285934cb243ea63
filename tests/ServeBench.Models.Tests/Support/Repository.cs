using System.Text;
using ServeBench.Domain.Models;
using ServeBench.Models.Architectures;
using ServeBench.Models.Packages;

namespace ServeBench.Models.Tests.Support;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>Packages as the tests' own restore has unpacked them.</summary>
    public static IPackageFeed Packages { get; } = new PackageFolder(PackageFolder.Default);

    /// <summary>The vocabulary of BERT's uncased tokenizer.</summary>
    public static byte[] Vocabulary()
    {
        var package = Card("all-MiniLM-L6-v2").Package!;
        var assembly = Path.Combine(new PackageFolder(PackageFolder.Default).Find(package)!, package.Assembly);
        return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(AssemblyResource.Read(assembly, package.Find("vocab.txt")!.Resource)).ReplaceLineEndings("\n"));
    }

    /// <summary>A card of the repository's own, read as the program reads it.</summary>
    public static ModelCard Card(string name) => CatalogueFile.Read(Path.Combine(Root, "models", name, "model.yaml"), f => ModelCardReader.Read(f, Path.Combine(Root, "models", name), KnownArchitectures.All));

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ServeBench.slnx"))) return folder.FullName;
        }
        throw new InvalidOperationException($"no ServeBench.slnx above {AppContext.BaseDirectory}");
    }
}
