package io.espalier.service.api;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The files of a run that the API hands out; nothing else of its directory leaves it. */
enum Artifact {
  SUMMARY("summary.json", "application/json"),
  MODEL("model.safetensors", "application/octet-stream"),
  MASKS("masks.safetensors", "application/octet-stream"),
  RECIPE("recipe.conf", "text/plain; charset=UTF-8"),
  EVENTS("events.jsonl", "application/x-ndjson"),
  REPORT("report.html", "text/html; charset=UTF-8");

  private final String file;
  private final String type;

  Artifact(String file, String type) {
    this.file = file;
    this.type = type;
  }

  public static Optional<Artifact> named(String file) {
    return Arrays.stream(values()).filter(each -> each.file.equals(file)).findFirst();
  }

  /** Names of all, whether a run has them or not. */
  public static List<String> names() {
    return Arrays.stream(values()).map(each -> each.file).toList();
  }

  public String file() {
    return file;
  }

  public ContentType type() {
    return ContentTypes.parse(type);
  }
}
