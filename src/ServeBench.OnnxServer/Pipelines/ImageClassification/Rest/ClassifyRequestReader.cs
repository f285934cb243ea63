using System.Text.Json;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Rest;

/// <summary>
/// Reads requests for classes: JSON with images in base64 (<c>image</c> or <c>images</c>), an image file as the body, or a form with files.
/// </summary>
internal sealed class ClassifyRequestReader(ModelTable<ClassificationModel> models, ServerOptions options)
{
    private const string Images = "images";

    /// <param name="context">The exchange; its query may say what the body has no room for.</param>
    /// <param name="body">The body.</param>
    /// <param name="into">Receives the images.</param>
    /// <param name="error">What is wrong with the request; null when it can be answered.</param>
    public ClassifyAnswer Read(HttpContext context, ReadOnlySpan<byte> body, ClassificationRequest into, out ApiError? error)
    {
        var question = new ClassifyQuestion();
        foreach (var (name, value) in context.Request.Query)
        {
            error = question.Take(name, value.ToString());
            if (error is not null) return new ClassifyAnswer { Model = models.Only! };
        }
        var type = context.Request.ContentType ?? "";
        if (type.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return ReadForm(type, question, body, into, out error);
        return type.StartsWith("image/", StringComparison.OrdinalIgnoreCase)
            || type.StartsWith("application/octet-stream", StringComparison.OrdinalIgnoreCase)
            ? ReadFile(question, body, into, out error)
            : ReadJson(question, body, into, out error);
    }

    private ClassifyAnswer ReadFile(ClassifyQuestion question, ReadOnlySpan<byte> file, ClassificationRequest into, out ApiError? error)
    {
        if (!TryFind(question, out var model, out error)) return new ClassifyAnswer { Model = model! };
        error = Intake(model!, into).AddFile(file);
        return Answer(model!, question, into, error);
    }

    private ClassifyAnswer ReadForm(
        string type, ClassifyQuestion question, ReadOnlySpan<byte> body, ClassificationRequest into, out ApiError? error)
    {
        error = null;
        if (!MultipartForm.TryBegin(type, body, out var form))
        {
            error = ApiError.Invalid("The body is not the form that its Content-Type says: no part begins with the boundary");
            return new ClassifyAnswer { Model = models.Only! };
        }
        // Fields come first, wherever they stand: they say which model the files are for.
        foreach (var part in form)
        {
            if (part.IsFile) continue;
            error = part.IsBroken
                ? ApiError.Invalid("A part of the form has no empty line after its headers; end them with one (RFC 7578)")
                : question.Take(part.Name, part.Text);
            if (error is not null) return new ClassifyAnswer { Model = models.Only! };
        }
        if (!TryFind(question, out var model, out error)) return new ClassifyAnswer { Model = model! };
        var intake = Intake(model!, into);
        foreach (var part in form)
        {
            if (!part.IsFile) continue;
            error = intake.AddFile(part.Content);
            if (error is not null) return new ClassifyAnswer { Model = model! };
        }
        if (form.IsCutOff) error = ApiError.Invalid("The form is cut off: its last boundary is missing");
        else if (into.Count == 0) error = ApiError.Invalid("The form must hold a file: a part with a filename", "image");
        return Answer(model!, question, into, error);
    }

    private ClassifyAnswer ReadJson(ClassifyQuestion question, ReadOnlySpan<byte> body, ClassificationRequest into, out ApiError? error)
    {
        try
        {
            error = ReadMembers(new Utf8JsonReader(body), question, out var imagesAt);
            if (error is not null) return new ClassifyAnswer { Model = models.Only! };
            if (!TryFind(question, out var model, out error)) return new ClassifyAnswer { Model = model! };
            error = imagesAt < 0
                ? ApiError.Invalid("The body must hold an image, or images, in base64", Images)
                : ReadImages(new Utf8JsonReader(body[imagesAt..], isFinalBlock: false, default), Intake(model!, into));
            return Answer(model!, question, into, error);
        }
        catch (Exception e) when (JsonFaults.Are(e))
        {
            error = JsonFaults.Explain(e);
            return new ClassifyAnswer { Model = models.Only! };
        }
    }

    /// <summary>Reads all but the images, and where they stand.</summary>
    private static ApiError? ReadMembers(Utf8JsonReader json, ClassifyQuestion question, out int imagesAt)
    {
        imagesAt = -1;
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return ApiError.Invalid("The body must be a JSON object");
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            var isImages = json.ValueTextEquals("images"u8) || json.ValueTextEquals("image"u8);
            var (isModel, isTop, isLogits) =
                (json.ValueTextEquals("model"u8), json.ValueTextEquals("top_k"u8), json.ValueTextEquals("logits"u8));
            json.Read();
            ApiError? error = null;
            if (json.TokenType == JsonTokenType.Null) continue;
            if (isImages && imagesAt >= 0) return ApiError.Invalid("The body must hold either image or images, once", Images);
            if (isImages) imagesAt = (int)json.TokenStartIndex;
            else if (isModel && json.TokenType != JsonTokenType.String) error = ApiError.Invalid("model must be a string", "model");
            else if (isModel) error = question.Take(json.GetString()!);
            else if (isTop)
                error = json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var top)
                    ? question.TakeTop(top)
                    : ClassifyQuestion.WrongTop();
            else if (isLogits)
                error = json.TokenType is JsonTokenType.True or JsonTokenType.False
                    ? question.Take(json.GetBoolean())
                    : ApiError.Invalid("logits must be true or false", "logits");
            if (error is not null) return error;
            json.Skip();
        }
        // Nothing may follow the object; the reader says so itself.
        json.Read();
        return null;
    }

    private static ApiError? ReadImages(Utf8JsonReader json, in ImageIntake intake)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String) return intake.AddBase64(ref json);
        if (json.TokenType != JsonTokenType.StartArray) return NoImages();
        var count = 0;
        for (; json.Read() && json.TokenType != JsonTokenType.EndArray; count++)
        {
            if (json.TokenType != JsonTokenType.String) return NoImages();
            if (intake.AddBase64(ref json) is { } error) return error;
        }
        return count == 0 ? new ApiError(ErrorKind.Empty, "images must not be empty", Images) : null;
    }

    private bool TryFind(ClassifyQuestion question, out ClassificationModel? model, out ApiError? error)
    {
        model = question.Model is null ? models.Only : models.Find(question.Model);
        error = model is not null ? question.Check(model)
            : question.Model is { } name ? ApiError.UnknownModel(name)
            : ApiError.Invalid("Several models are served: model must say which is asked", "model");
        return error is null;
    }

    private ImageIntake Intake(ClassificationModel model, ClassificationRequest into) => new(model, into, options.MaxItems, Images);

    private static ClassifyAnswer Answer(
        ClassificationModel model, ClassifyQuestion question, ClassificationRequest into, ApiError? error) =>
        error is null && into.Count > 0
            ? new ClassifyAnswer(model, question.TopOf(model), question.WantsLogits)
            : new ClassifyAnswer { Model = model };

    private static ApiError NoImages() => ApiError.Invalid("images must be a string in base64, or an array of such strings", Images);
}
