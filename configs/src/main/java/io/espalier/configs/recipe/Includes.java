package io.espalier.configs.recipe;

import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import java.io.File;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Resolves includes: files next to a file, and shipped recipes by name. A missing include is an
 * error.
 */
final class Includes
    implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
  private static final int MAX_DEPTH = 10;

  private final String name;
  private final String text;
  private final Optional<Path> folder;
  private final TextBounds bounds;
  private final int depth;

  Includes(String name, String text, Optional<Path> folder, TextBounds bounds, int depth) {
    this.name = name;
    this.text = text;
    this.folder = folder;
    this.bounds = bounds;
    this.depth = depth;
  }

  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return this;
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    if (depth >= MAX_DEPTH) {
      throw refusal(what, "includes must not nest deeper than " + MAX_DEPTH);
    }
    Optional<Path> file = folder.map(parent -> parent.resolve(what)).filter(Files::isRegularFile);
    if (file.isPresent()) {
      return Overrides.included(HoconText.file(file.get(), bounds, depth + 1));
    }
    String shipped = what.replaceFirst("\\" + Recipes.EXTENSION + "$", "");
    String called = shipped + Recipes.EXTENSION;
    return Recipes.text(shipped)
        .map(
            found ->
                HoconText.text(
                    called.equals(name) ? "shipped " + called : called, found, bounds, depth + 1))
        .map(Overrides::included)
        .orElseThrow(() -> refusal(what, "include must name " + allowed()));
  }

  @Override
  public ConfigObject includeFile(ConfigIncludeContext context, File file) {
    return include(context, file.getPath());
  }

  @Override
  public ConfigObject includeURL(ConfigIncludeContext context, URL url) {
    throw refusal(url.toString(), "include must name " + allowed());
  }

  @Override
  public ConfigObject includeResources(ConfigIncludeContext context, String resource) {
    throw refusal(resource, "include must name " + allowed());
  }

  private String allowed() {
    return folder.isPresent() ? "an existing file or a shipped recipe" : "a shipped recipe";
  }

  private InvalidConfigException refusal(String what, String rule) {
    int position = text.indexOf('"' + what + '"');
    long line = 1 + text.substring(0, Math.max(0, position)).chars().filter(c -> c == '\n').count();
    return new InvalidConfigException(
        List.of(
            new Problem(
                Optional.of(name + ":" + line), "include", rule + ": include=\"" + what + '"')));
  }
}
