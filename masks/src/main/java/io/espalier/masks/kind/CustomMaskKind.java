package io.espalier.masks.kind;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.masks.Mask;
import io.espalier.masks.annealing.Temperature;
import java.util.List;
import java.util.Optional;

/** A user's mask kind; errors name it. */
final class CustomMaskKind implements MaskKind {
  private final PluginGuard code;
  private final MaskKind kind;
  private final List<AuxiliaryParameter> state;
  private final double hiddenDecay;
  private final double hiddenGradient;
  private final boolean hiddenMomentum;
  private final Optional<LearnedSelection> choice;
  private final boolean settles;

  private CustomMaskKind(PluginGuard code, MaskKind kind) {
    this.code = code;
    this.kind = kind;
    this.state = List.copyOf(code.prepare("name its state", kind::state));
    this.hiddenDecay = code.prepare("say how hidden weights decay", kind::hiddenDecay);
    this.hiddenGradient = code.prepare("say how hidden weights learn", kind::hiddenGradient);
    this.hiddenMomentum =
        code.prepare("say whether hidden weights have momentum", kind::hiddenMomentum);
    this.choice = code.prepare("name its choice", kind::choice).map(this::guarded);
    this.settles = code.prepare("say whether weights settle", kind::settles);
    if (!(hiddenGradient >= 0 && hiddenGradient <= 1)) {
      throw code.broken(
          "give hidden weights a share of their gradient from 0 to 1: hiddenGradient="
              + hiddenGradient);
    }
    if (state.stream().map(AuxiliaryParameter::name).distinct().count() < state.size()) {
      throw code.broken("name each part of its state once: state=" + state);
    }
  }

  static MaskKind of(MaskKindProvider provider, MemberSettings settings) {
    PluginGuard code = PluginGuard.of(provider);
    return code.prepare("be created", () -> new CustomMaskKind(code, provider.create(settings)));
  }

  @Override
  public List<AuxiliaryParameter> state() {
    return state;
  }

  @Override
  public PrunedUnits pruned(boolean mayChange) {
    return code.run("say what becomes of pruned units", () -> kind.pruned(mayChange));
  }

  @Override
  public Temperature temperature(long steps) {
    return code.run("say how pruned units fade", () -> kind.temperature(steps));
  }

  @Override
  public double hiddenDecay() {
    return hiddenDecay;
  }

  @Override
  public double hiddenGradient() {
    return hiddenGradient;
  }

  @Override
  public boolean hiddenMomentum() {
    return hiddenMomentum;
  }

  @Override
  public Optional<LearnedSelection> choice() {
    return choice;
  }

  @Override
  public boolean settles() {
    return settles;
  }

  private LearnedSelection guarded(LearnedSelection own) {
    return weight -> {
      Mask kept = code.run("choose weights", () -> own.keep(weight));
      if (kept.size() != weight.candidates().size()
          || weight.candidates().countAnd(kept) < kept.kept()) {
        throw code.broken(
            "choose among the candidates of %s: candidates=%d, kept=%d"
                .formatted(weight.shape().id().name(), weight.candidates().kept(), kept.kept()));
      }
      return kept;
    };
  }

  @Override
  public WeightView view(MaskedWeight weight) {
    return new Guarded(code, code.run("view a weight", () -> kind.view(weight)));
  }

  private record Guarded(PluginGuard code, WeightView view) implements WeightView {
    @Override
    public Factor forward() {
      return code.run("say what a pass sees", view::forward);
    }

    @Override
    public Factor gradient() {
      return code.run("say which gradient counts", view::gradient);
    }

    @Override
    public void factors(StepFactors of) {
      code.run("write the factors of a step", () -> done(() -> view.factors(of)));
    }

    @Override
    public void backward(StepGradients of) {
      code.run("see the gradients of a step", () -> done(() -> view.backward(of)));
    }

    private static boolean done(Runnable work) {
      work.run();
      return true;
    }
  }
}
