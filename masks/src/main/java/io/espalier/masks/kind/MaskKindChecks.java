package io.espalier.masks.kind;

import io.espalier.configs.plugin.PluginGuard;
import io.espalier.masks.Mask;
import java.util.List;
import java.util.Optional;

/** Checks what a user's mask kind says of itself, and what it chooses. */
record MaskKindChecks(PluginGuard guard, MaskKind kind) implements MaskKind {
  static MaskKind around(PluginGuard guard, MaskKind kind) {
    MaskKind checked = guard.around(MaskKind.class, kind, new MaskKindChecks(guard, kind));
    // What is broken is refused before the run starts.
    checked.state();
    checked.hiddenGradient();
    return checked;
  }

  @Override
  public List<AuxiliaryParameter> state() {
    List<AuxiliaryParameter> state = List.copyOf(kind.state());
    if (state.stream().map(AuxiliaryParameter::name).distinct().count() < state.size()) {
      throw guard.broken("name each part of its state once: state=" + state);
    }
    return state.stream()
        .map(each -> each.starting(guard.around(StartingValues.class, each.initial())))
        .toList();
  }

  @Override
  public PrunedUnits pruned(boolean mayChange) {
    return kind.pruned(mayChange);
  }

  @Override
  public double hiddenGradient() {
    double hiddenGradient = kind.hiddenGradient();
    if (!(hiddenGradient >= 0 && hiddenGradient <= 1)) {
      throw guard.broken(
          "give hidden weights a share of their gradient from 0 to 1: hiddenGradient="
              + hiddenGradient);
    }
    return hiddenGradient;
  }

  @Override
  public Optional<LearnedSelection> choice() {
    return kind.choice()
        .map(own -> guard.around(LearnedSelection.class, own, weight -> kept(own, weight)));
  }

  private Mask kept(LearnedSelection own, LearnedSelection.ChosenWeight weight) {
    Mask kept = own.keep(weight);
    if (kept.size() != weight.candidates().size()
        || weight.candidates().countAnd(kept) < kept.kept()) {
      throw guard.broken(
          "choose among the candidates of %s: candidates=%d, kept=%d"
              .formatted(weight.shape().id().name(), weight.candidates().kept(), kept.kept()));
    }
    return kept;
  }

  @Override
  public WeightView view(MaskedWeight weight) {
    return guard.around(WeightView.class, kind.view(weight));
  }
}
