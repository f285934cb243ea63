using ServeBench.Domain.Storage;

namespace ServeBench.Domain.Tests.Storage;

public class ContentHashTests
{
    [Fact]
    public void Parts_cannot_be_shifted_into_each_other()
    {
        static string Hash(params (string, string)[] parts)
        {
            using var hash = new ContentHash();
            foreach (var (name, value) in parts) hash.Add(name, value);
            return hash.Finish();
        }
        string[] all = [Hash(("a", "bc")), Hash(("ab", "c")), Hash(("a", "b"), ("c", "")), Hash(("a", "bc"), ("", "")), Hash()];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(Hash(("a", "bc")), Hash(("a", "bc")));
    }

    [Fact]
    public void The_elements_of_lists_cannot_be_shifted_into_each_other()
    {
        static string Hash(params string[] list)
        {
            using var hash = new ContentHash();
            return hash.Add("list", list).Finish();
        }
        string[] all = [Hash(), Hash(""), Hash("", ""), Hash("a", "b"), Hash("a\nb"), Hash("ab"), Hash("b", "a")];
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    [Fact]
    public void A_folder_is_its_files_names_and_contents()
    {
        using var one = new TemporaryFolder();
        using var two = new TemporaryFolder();
        foreach (var folder in new[] { one, two })
        {
            folder.File("a.txt", "1");
            folder.File("b/c.txt", "2");
        }
        var original = ContentHash.OfFolder(one.Path);
        Assert.Equal(original, ContentHash.OfFolder(two.Path));
        two.File("b/c.txt", "3");
        Assert.NotEqual(original, ContentHash.OfFolder(two.Path));
        two.File("b/c.txt", "2");
        two.File("README.md", "words");
        Assert.NotEqual(original, ContentHash.OfFolder(two.Path));
        Assert.Equal(original, ContentHash.OfFolder(two.Path, name => name != "README.md"));
    }
}
