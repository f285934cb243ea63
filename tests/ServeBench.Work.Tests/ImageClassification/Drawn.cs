using ServeBench.Models.References.Classification;
using ServeBench.Models.Store;
using ServeBench.Work.ImageClassification;

namespace ServeBench.Work.Tests.ImageClassification;

/// <summary>Photographs and draws of this group's tests: the reference images that every model is prepared with.</summary>
internal static class Drawn
{
    public static ManifestImageInput Input { get; } =
        new(64, 80, ManifestImageInput.Bilinear, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225], ManifestImageInput.Outside);

    public static Photograph[] Photographs(int count) =>
        [.. ReferenceImages.All.Take(count).Select(i => new Photograph(i.Name, i.Name, i.Bytes))];

    public static ImageRequest[] Requests(SentForm form, int photographs, int items, int distinct, long seed = 7) =>
        [.. new ImageDraws(new ImagePayload("p", form, items, distinct), Photographs(photographs), Input, seed).Draw()];
}
