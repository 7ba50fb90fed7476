package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.MaskEvent.MaskPicture;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The pictures of masks: a few moments per parameter and view, the newest among them. */
final class MaskPicturesView {
  static final int MOST_MOMENTS = 6;
  static final int MOST_KEPT = 24;

  private static final int MOST_SUBJECTS = 200;
  private static final int LONGEST_CELLS = 4_096;

  private final VoidedSteps voided;
  private final Map<String, RecentWindow<MaskPicture>> bySubject = new LinkedHashMap<>();

  private final Set<String> thinned = new HashSet<>();

  MaskPicturesView(VoidedSteps voided) {
    this.voided = voided;
  }

  void take(Envelope envelope) {
    if (envelope.event() instanceof MaskPicture picture
        && picture.cells().length() <= LONGEST_CELLS) {
      String subject = picture.name() + "/" + picture.view();
      if (bySubject.containsKey(subject) || bySubject.size() < MOST_SUBJECTS) {
        RecentWindow<MaskPicture> kept =
            bySubject.computeIfAbsent(subject, key -> new RecentWindow<>(voided, 2 * MOST_KEPT));
        kept.put(envelope.attempt(), picture.step(), picture);
        if (kept.size() > MOST_KEPT) {
          kept.dropCrowded();
          thinned.add(subject);
        }
      }
    }
  }

  Map<String, ObjectNode> json() {
    Map<String, ObjectNode> pictures = new LinkedHashMap<>();
    bySubject.forEach(
        (subject, kept) -> {
          List<MaskPicture> all = kept.values().toList();
          if (!all.isEmpty()) {
            pictures.put(subject, json(all, chosen(all, thinned.contains(subject))));
          }
        });
    return pictures;
  }

  private static ObjectNode json(List<MaskPicture> all, Collection<MaskPicture> chosen) {
    ObjectNode json = ViewJson.object();
    json.put("name", all.get(0).name()).put("view", all.get(0).view());
    ArrayNode moments = json.putArray("moments");
    for (MaskPicture picture : chosen) {
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

  /** Chooses pictures evenly over steps or over their number, including the first and the last. */
  private static Collection<MaskPicture> chosen(List<MaskPicture> pictures, boolean bySteps) {
    if (pictures.size() <= MOST_MOMENTS) {
      return pictures;
    }
    int last = pictures.size() - 1;
    long first = pictures.get(0).step();
    long length = pictures.get(last).step() - first;
    Set<MaskPicture> chosen = new LinkedHashSet<>();
    for (int i = 0; i < MOST_MOMENTS; i++) {
      double wanted = first + length * (double) i / (MOST_MOMENTS - 1);
      chosen.add(bySteps ? nearest(pictures, wanted) : pictures.get(i * last / (MOST_MOMENTS - 1)));
    }
    return chosen;
  }

  private static MaskPicture nearest(List<MaskPicture> pictures, double step) {
    return Collections.min(
        pictures, Comparator.comparingDouble(picture -> Math.abs(picture.step() - step)));
  }
}
