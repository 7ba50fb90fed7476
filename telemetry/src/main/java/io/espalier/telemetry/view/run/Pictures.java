package io.espalier.telemetry.view.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.MaskEvent.MaskPicture;
import io.espalier.telemetry.view.document.Json;
import io.espalier.telemetry.view.series.Cuts;
import io.espalier.telemetry.view.series.Recent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pictures of masks: per parameter and view, a few moments and the newest. */
final class Pictures {
  /** The most moments of one mask that are shown. */
  static final int MOST_MOMENTS = 6;

  /** The most that are kept to choose them from. */
  static final int MOST_KEPT = 24;

  private static final int MOST_SUBJECTS = 200;
  private static final int LONGEST_CELLS = 4_096;

  private final Cuts cuts;
  private final Map<String, Recent<MaskPicture>> bySubject = new LinkedHashMap<>();

  Pictures(Cuts cuts) {
    this.cuts = cuts;
  }

  void take(Envelope envelope) {
    if (envelope.event() instanceof MaskPicture picture
        && picture.cells().length() <= LONGEST_CELLS) {
      String subject = picture.name() + "/" + picture.view();
      if (bySubject.containsKey(subject) || bySubject.size() < MOST_SUBJECTS) {
        Recent<MaskPicture> kept =
            bySubject.computeIfAbsent(subject, key -> new Recent<>(cuts, 2 * MOST_KEPT));
        kept.put(envelope.attempt(), picture.step(), picture);
        if (kept.size() > MOST_KEPT) {
          kept.halve();
        }
      }
    }
  }

  void cut(int attempt, long firstVoid) {
    bySubject.values().forEach(each -> each.cut(attempt, firstVoid));
  }

  /** What is shown, by {@code NAME/VIEW}. */
  Map<String, ObjectNode> json() {
    Map<String, ObjectNode> pictures = new LinkedHashMap<>();
    bySubject.forEach(
        (subject, kept) -> {
          List<MaskPicture> all = kept.values().toList();
          if (!all.isEmpty()) {
            pictures.put(subject, json(all));
          }
        });
    return pictures;
  }

  private static ObjectNode json(List<MaskPicture> pictures) {
    ObjectNode json = Json.object();
    json.put("name", pictures.get(0).name()).put("view", pictures.get(0).view());
    ArrayNode moments = json.putArray("moments");
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
    return json;
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
