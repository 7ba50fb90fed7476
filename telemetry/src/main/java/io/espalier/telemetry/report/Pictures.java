package io.espalier.telemetry.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.espalier.telemetry.event.MaskEvent.MaskPicture;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The pictures of masks that a report shows: per parameter and view, a few moments and the end. */
final class Pictures {
  /** The most moments of one mask. */
  static final int MOST_MOMENTS = 6;

  private final RunHistory history;

  Pictures(RunHistory history) {
    this.history = history;
  }

  /** One object per parameter and view: {@code {name, view, moments: [pictures, oldest first]}}. */
  ArrayNode json() {
    Map<String, SortedMap<Long, MaskPicture>> bySubject = new LinkedHashMap<>();
    history
        .all(MaskPicture.class)
        .forEach(
            picture ->
                bySubject
                    .computeIfAbsent(picture.subject().orElseThrow(), key -> new TreeMap<>())
                    .put(picture.step(), picture));
    ArrayNode subjects = JsonNodeFactory.instance.arrayNode();
    bySubject.values().forEach(pictures -> subject(List.copyOf(pictures.values()), subjects));
    return subjects;
  }

  private static void subject(List<MaskPicture> pictures, ArrayNode subjects) {
    ArrayNode moments =
        subjects
            .addObject()
            .put("name", pictures.get(0).name())
            .put("view", pictures.get(0).view())
            .putArray("moments");
    for (MaskPicture picture : chosen(pictures)) {
      moments
          .addObject()
          .put("step", picture.step())
          .put("version", picture.maskVersion())
          .put("rows", picture.rows())
          .put("columns", picture.columns())
          .put("full", picture.full())
          .put("cells", picture.cells());
    }
  }

  /** Evenly spread, the first and the last among them. */
  private static List<MaskPicture> chosen(List<MaskPicture> pictures) {
    if (pictures.size() <= MOST_MOMENTS) {
      return pictures;
    }
    List<MaskPicture> chosen = new ArrayList<>();
    for (int i = 0; i < MOST_MOMENTS; i++) {
      chosen.add(pictures.get(i * (pictures.size() - 1) / (MOST_MOMENTS - 1)));
    }
    return chosen;
  }
}
