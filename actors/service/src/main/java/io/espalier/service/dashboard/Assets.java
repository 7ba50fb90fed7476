package io.espalier.service.dashboard;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaType;
import akka.http.javadsl.model.MediaTypes;
import io.espalier.service.http.HttpCall;
import io.espalier.service.http.ProblemException;
import io.espalier.service.http.ProblemKind;
import io.espalier.telemetry.view.ReadModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The page's scripts and styles, from the class path, and those of the charts, from their WebJar. A
 * name is a word and an ending, in a folder at most: nothing else of the class path has an address.
 * Thread-safe.
 */
final class Assets {
  private static final String PAGE = "/io/espalier/telemetry/page/";
  private static final String CHARTS = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
  private static final Pattern NAME =
      Pattern.compile("([a-z]{1,20}/)?[a-z][a-z0-9-]{0,60}\\.(js|css|svg)");
  private static final List<String> CHART_NAMES = List.of("uPlot.esm.js", "uPlot.min.css");
  private static final MediaType.WithOpenCharset SCRIPT =
      MediaTypes.customWithOpenCharset("text", "javascript", Map.of(), false);
  private static final Map<String, ContentType> TYPES =
      Map.of(
          "js",
          ContentTypes.create(SCRIPT, HttpCharsets.UTF_8),
          "css",
          ContentTypes.create(MediaTypes.TEXT_CSS, HttpCharsets.UTF_8),
          "svg",
          ContentTypes.create(MediaTypes.IMAGE_SVG_XML),
          "html",
          ContentTypes.TEXT_HTML_UTF8);

  private final Map<String, Asset> read = new ConcurrentHashMap<>();

  /** What the page's own files may be. */
  public static List<MediaType> types() {
    return List.of(SCRIPT, MediaTypes.TEXT_CSS, MediaTypes.IMAGE_SVG_XML);
  }

  /** What the files of the charts may be. */
  public static List<MediaType> chartTypes() {
    return List.of(SCRIPT, MediaTypes.TEXT_CSS);
  }

  /**
   * One of the page's own files.
   *
   * @throws ProblemException if there is none of that name
   */
  public HttpResponse own(HttpCall call) {
    String folder = call.parameter("folder");
    String name = folder.isEmpty() ? call.parameter("name") : folder + "/" + call.parameter("name");
    return NAME.matcher(name).matches() ? answer(call, PAGE, name) : none();
  }

  /**
   * One of the files of the charts.
   *
   * @throws ProblemException if there is none of that name
   */
  public HttpResponse chart(HttpCall call) {
    String name = call.parameter("name");
    return CHART_NAMES.contains(name) ? answer(call, CHARTS, name) : none();
  }

  /** A file of the class path that the build has put there. */
  Asset required(String name) {
    return find(PAGE, name)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "class path must hold the resource: path=%s%s".formatted(PAGE, name)));
  }

  private HttpResponse answer(HttpCall call, String directory, String name) {
    return find(directory, name).map(asset -> asset.answer(call)).orElseGet(Assets::none);
  }

  private static HttpResponse none() {
    throw new ProblemException(
        ProblemKind.NO_SUCH_RESOURCE, "the page has no such file; load /dashboard/ anew");
  }

  private Optional<Asset> find(String directory, String name) {
    String path = directory + name;
    return Optional.ofNullable(read.get(path))
        .or(
            () -> {
              Optional<Asset> found = read(path, name.substring(name.lastIndexOf('.') + 1));
              found.ifPresent(asset -> read.put(path, asset));
              return found;
            });
  }

  private static Optional<Asset> read(String path, String ending) {
    try (InputStream stream = ReadModel.class.getResourceAsStream(path)) {
      ContentType type = TYPES.get(ending);
      return stream == null || type == null
          ? Optional.empty()
          : Optional.of(new Asset(stream.readAllBytes(), type));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
