package io.espalier.service.dashboard;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.MediaType;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.headers.EntityTag;
import io.espalier.service.http.ProblemException;
import io.espalier.service.http.ProblemKind;
import io.espalier.telemetry.view.ReadModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page, its scripts and styles, and the charts of their WebJar, from the class path. A name has
 * one word, one ending and at most one folder, so nothing else is reachable. Thread-safe.
 */
final class Assets {
  private static final String PAGE = "/io/espalier/telemetry/page/";
  private static final String INDEX = "index.html";
  private static final String CHARTS = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
  private static final Pattern NAME =
      Pattern.compile("([a-z]{1,20}/)?[a-z][a-z0-9-]{0,60}\\.(js|css|svg)");
  private static final Pattern IMPORTS =
      Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);
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

  private final Map<String, Asset> loaded = new ConcurrentHashMap<>();

  /** A file of the page; its tag changes with its bytes. */
  record Asset(HttpEntity.Strict entity, EntityTag tag) {
    private static Asset of(ContentType type, byte[] bytes) {
      String tag = Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(bytes));
      return new Asset(HttpEntities.create(type, bytes), EntityTag.create(tag, false));
    }
  }

  static List<MediaType> types() {
    return List.of(SCRIPT, MediaTypes.TEXT_CSS, MediaTypes.IMAGE_SVG_XML);
  }

  static List<MediaType> chartTypes() {
    return List.of(SCRIPT, MediaTypes.TEXT_CSS);
  }

  /**
   * Returns a file of the page.
   *
   * @throws ProblemException if there is no such file; {@code folder} may be empty
   */
  Asset own(String folder, String name) {
    String path = folder.isEmpty() ? name : folder + "/" + name;
    return Optional.of(path)
        .filter(each -> NAME.matcher(each).matches())
        .flatMap(each -> find(PAGE + each))
        .orElseThrow(Assets::none);
  }

  /**
   * Returns a file of the page.
   *
   * @throws ProblemException if there is no such file
   */
  Asset chart(String name) {
    return Optional.of(name)
        .filter(CHART_NAMES::contains)
        .flatMap(each -> find(CHARTS + each))
        .orElseThrow(Assets::none);
  }

  Asset page() {
    return find(PAGE + INDEX)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "class path must hold the resource: path=%s%s".formatted(PAGE, INDEX)));
  }

  /** Content-Security-Policy: the only script inside of the page is its import map. */
  String policy() {
    Matcher imports = IMPORTS.matcher(page().entity().getData().utf8String());
    if (!imports.find()) {
      throw new IllegalStateException("the page must have an import map: name=" + INDEX);
    }
    byte[] digest = sha256(imports.group(1).getBytes(StandardCharsets.UTF_8));
    return "default-src 'none'; script-src 'self' 'sha256-%s'; style-src 'self' 'unsafe-inline';"
            .formatted(Base64.getEncoder().encodeToString(digest))
        + " img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none';"
        + " form-action 'none'; frame-ancestors 'self'";
  }

  private static ProblemException none() {
    return new ProblemException(
        ProblemKind.NO_SUCH_RESOURCE, "the page has no such file; load /dashboard/ anew");
  }

  private Optional<Asset> find(String path) {
    return Optional.ofNullable(loaded.get(path))
        .or(
            () -> {
              Optional<Asset> found = read(path);
              found.ifPresent(asset -> loaded.put(path, asset));
              return found;
            });
  }

  private static Optional<Asset> read(String path) {
    try (InputStream stream = ReadModel.class.getResourceAsStream(path)) {
      ContentType type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
      return stream == null || type == null
          ? Optional.empty()
          : Optional.of(Asset.of(type, stream.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the Java platform must have SHA-256", e);
    }
  }
}
