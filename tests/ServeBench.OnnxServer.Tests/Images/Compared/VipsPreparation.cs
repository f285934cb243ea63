using NetVips;
using ServeBench.Models.Store;

namespace ServeBench.OnnxServer.Tests.Images.Compared;

/// <summary>libvips by NetVips: whole, or shrunk while it is decoded.</summary>
internal sealed class VipsPreparation : IPreparation
{
    private readonly bool _shrinks;

    public VipsPreparation(bool shrinks)
    {
        _shrinks = shrinks;
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
    }

    public string Title => _shrinks ? "NetVips, shrunk on load" : "NetVips, all pixels";

    public string Library => "libvips.so.42";

    public void Prepare(byte[] file, ManifestImageInput input, byte[] planes)
    {
        using var scaled = _shrinks ? Thumbnail(file, input) : Resized(file, input);
        using var colours = scaled.Bands == 1 ? scaled.Bandjoin(scaled, scaled) : scaled.ExtractBand(0, n: 3);
        using var cut = colours.Crop((scaled.Width - input.Size) / 2, (scaled.Height - input.Size) / 2, input.Size, input.Size);
        IPreparation.Split(cut.WriteToMemory<byte>(), 3, planes);
    }

    public void Dispose()
    {
    }

    private static Image Resized(byte[] file, ManifestImageInput input)
    {
        using var whole = Image.NewFromBuffer(file, access: Enums.Access.Sequential);
        var (width, height, _, _) = IPreparation.Plan(whole.Width, whole.Height, input);
        return whole.Resize((double)width / whole.Width, kernel: Enums.Kernel.Linear, vscale: (double)height / whole.Height);
    }

    private static Image Thumbnail(byte[] file, ManifestImageInput input)
    {
        int width, height;
        using (var head = Image.NewFromBuffer(file, access: Enums.Access.Sequential))
            (width, height, _, _) = IPreparation.Plan(head.Width, head.Height, input);
        return Image.ThumbnailBuffer(file, width, height: height, size: Enums.Size.Force, noRotate: true);
    }
}
