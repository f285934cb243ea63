using ServeBench.Domain.Faults;
using ServeBench.Domain.Plans;
using ServeBench.Models.References.Classification;
using ServeBench.Models.Store;

namespace ServeBench.Work.ImageClassification;

/// <summary>
/// Draws a workload's requests: photographs in blocks that hold each once, every block in a random order of its own, so that any stretch
/// of requests has nearly the same mix of sizes. The same seed gives the same requests everywhere.
/// </summary>
/// <param name="spec">Which photographs, in which form.</param>
/// <param name="photographs">Those, in the spec's order.</param>
/// <param name="input">What the network sees of an image.</param>
/// <param name="seed">The payload seed.</param>
internal sealed class ImageDraws(ImagePayload spec, IReadOnlyList<Photograph> photographs, ManifestImageInput input, long seed)
{
    private const int TriesForEach = 50;

    private readonly HashSet<string> _seen = [];

    /// <exception cref="RunFailedException">when the photographs cannot give so many different tensors.</exception>
    public IReadOnlyList<ImageRequest> Draw()
    {
        var images = Blocks().Take(spec.Distinct * spec.ItemsPerRequest).Select(Image);
        return [.. images.Chunk(spec.ItemsPerRequest).Select(chunk => new ImageRequest(chunk))];
    }

    /// <summary>Block after block without end, each photograph once in each.</summary>
    private IEnumerable<Photograph> Blocks()
    {
        for (var block = 0; ; block++)
        {
            foreach (var place in Enumerable.Range(0, photographs.Count).OrderBy(i => Seeds.Derive(seed, $"block {block}, place {i}")))
                yield return photographs[place];
        }
    }

    private SentImage Image(Photograph photograph, int number) => spec.Form == SentForm.File
        ? new SentImage($"{photograph.Name} #{number}", photograph.Name)
        {
            File = () => photograph.Marked(number),
            Decoded = () => photograph.Decoded,
            Size = photograph.Bytes.Length,
        }
        : Tensor(photograph, number);

    private SentImage Tensor(Photograph photograph, int number)
    {
        var resized = photograph.Resized(input.Resize);
        for (var attempt = 0; attempt < TriesForEach; attempt++)
        {
            int Place(string axis, int side) => (int)(Seeds.Derive(seed, $"{axis} {number}, try {attempt}") % (side - input.Size + 1));
            var (left, top) = (Place("left", resized.Width), Place("top", resized.Height));
            var name = $"{photograph.Name} from {left}, {top}";
            if (!_seen.Add(name)) continue;
            return new SentImage(name, name)
            {
                Pixels = () => ReferencePreparation.Cut(resized, input, left, top),
                Side = input.Size,
                Size = 3 * input.Size * input.Size * sizeof(float),
            };
        }
        throw new RunFailedException(
            $"{photographs.Count} photographs do not give {spec.Distinct * spec.ItemsPerRequest} different tensors",
            "Lower `distinct`, or name more photographs");
    }
}
