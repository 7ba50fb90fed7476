package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.MaskEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The budget and channel cuts of a run. */
final class CutsView {
  /** Cuts that are kept to return to when an attempt voids later ones. */
  private static final int MOST_CUTS = 16;

  private static final int MOST_PARAMETERS = 5_000;

  private final SeriesSet series;
  private final RecentWindow<MaskEvent.ChannelsCut> cuts;
  private final RecentWindow<MaskEvent.MasksUpdated> budgets;
  private final Tally count;

  CutsView(VoidedSteps voided, SeriesSet series) {
    this.series = series;
    cuts = new RecentWindow<>(voided, MOST_CUTS);
    budgets = new RecentWindow<>(voided, MOST_CUTS);
    count = new Tally(voided, 1);
  }

  void take(Envelope envelope) {
    int attempt = envelope.attempt();
    if (envelope.event() instanceof MaskEvent.ChannelsCut cut
        && cut.parameters().size() <= MOST_PARAMETERS
        && cut.groups().size() <= MOST_PARAMETERS) {
      cuts.put(attempt, cut.step(), cut);
      count.put(attempt, cut.step(), 1);
      series.put("macsExecuted", attempt, cut.step(), (double) cut.after().macs());
    } else if (envelope.event() instanceof MaskEvent.MasksUpdated update
        && update.budget().isPresent()) {
      budgets.put(attempt, update.step(), MaskCounts.summaryOf(update));
      if (update.budgetShare().isPresent()) {
        series.put("budgetPruned", attempt, update.step(), update.actual());
      }
    }
  }

  Optional<MaskEvent.ChannelsCut> newest() {
    return cuts.newest();
  }

  Map<String, MaskEvent.CutParameter> left() {
    Map<String, MaskEvent.CutParameter> left = new HashMap<>();
    newest().ifPresent(cut -> cut.parameters().forEach(each -> left.put(each.name(), each)));
    return left;
  }

  void addBudget(ObjectNode facts) {
    budgets
        .newest()
        .ifPresent(
            update -> {
              facts.put("budget", update.budget().orElseThrow());
              update
                  .budgetShare()
                  .ifPresent(share -> ViewJson.putFinite(facts, "budgetShare", share));
            });
  }

  /**
   * Returns {@code {cuts, step, layout, seconds, groups, before, after, dense}} of the newest cut;
   * empty before the first.
   */
  ObjectNode json() {
    ObjectNode json = ViewJson.object();
    newest()
        .ifPresent(
            cut -> {
              json.put("cuts", (long) count.total(0));
              json.put("step", cut.step()).put("layout", cut.layoutDigest());
              ViewJson.putFinite(json, "seconds", cut.seconds());
              ArrayNode groups = json.putArray("groups");
              cut.groups().forEach(each -> groups.add(ViewJson.of(each)));
              json.set("before", ViewJson.of(cut.before()));
              json.set("after", ViewJson.of(cut.after()));
              json.set("dense", ViewJson.of(cut.dense()));
            });
    return json;
  }
}
