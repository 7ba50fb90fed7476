package io.espalier.configs.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user is told about a recipe that says something wrong. */
final class RecipeProblemsTest {
  private static final String MODELS =
      "mlp, lenet-300-100, lenet-5, lenet-5-bn, resnet-8, resnet-14, resnet-20, resnet-26,"
          + " resnet-32, resnet-38, resnet-44, resnet-50, resnet-56, mobilenet, char-lm, tiny-vit,"
          + " text-classifier, layers, onnx";
  private static final String MINIMAL = "data = digits, model = lenet-5";

  @Test
  void tags_tooManyOrTooLong_areRefused_theMostAreNot() {
    String rule = "tags must be at most 16, each of 1 to 40 printable characters: ";
    String most = "tags = [%s\"%s\"]\n".formatted("t, ".repeat(15), "x".repeat(40)) + MINIMAL;

    assertThat(new RecipeLoader().parse("my.conf", most, List.of()).config().tags())
        .hasSize(16)
        .endsWith("x".repeat(40));
    assertThat(problemsOf("tags = [" + "t, ".repeat(16) + "t]\n" + MINIMAL))
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains(rule);
    assertThat(problemsOf("tags = [" + "x".repeat(41) + "]\n" + MINIMAL))
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains(rule);
  }

  @Test
  void recipe_manyProblems_areReportedAllAtOnce() {
    assertThat(
            problemsOf(
                """
                nam = x
                data { kind = csv, batch-size = 0, validation = 150% }
                model { kind = mlp, hidden = 3, weights { names { a = 1 }, sha256 = 12, ignor = [] } }
                train {
                  epochs = ten
                  trainers = 65
                  sync-evry = 3
                  optimizer { kind = sgd, momentum = 2 }
                }
                prune {
                  score = fishr
                  schedule { kind = one-shot, end = 75% }
                  mask = sof
                }
                """))
        .containsExactlyInAnyOrder(
            "my.conf:1: nam: unknown key: nam=\"x\"; known keys: data, federation, model, name, parent, prune, seed,"
                + " tags, train; did you mean name?",
            "my.conf:2: data.path: path must be given: a CSV file with a header row",
            "my.conf:2: data.label: label must be given: the name or the index of the column to"
                + " predict",
            "my.conf:2: data.batch-size: batch-size must be 1 or more: batch-size=0",
            "my.conf:2: data.validation: validation must be at least 0% and below 100%:"
                + " validation=\"150%\"",
            "my.conf:3: model.hidden: hidden must be a list, each item a whole number: hidden=3",
            "my.conf:3: model.weights.file: file must be given: a safetensors file",
            "my.conf:3: model.weights.sha256: sha256 must be 64 lower-case hexadecimal digits:"
                + " sha256=12",
            "my.conf:3: model.weights.ignor: unknown key: ignor=[]; known keys: draw, file,"
                + " ignore, names, sha256, transpose; did you mean ignore?",
            "my.conf:5: train.epochs: epochs must be a whole number: epochs=\"ten\"",
            "my.conf:6: train.trainers: trainers must be from 1 to 64: trainers=65",
            "my.conf:7: train.sync-evry: unknown key: sync-evry=3; known keys: accumulate, average, checkpoint-every,"
                + " clip-norm, engine, epochs, evaluate-every, execution, fold-norms, freeze, keep-best, keep-checkpoints,"
                + " keep-masks, label-smoothing, learning-rate, max-restarts, norm-batches, objective, optimizer,"
                + " progress-timeout, rules, samples, stop-early, sync-every, threads, trainers, when-disk-full; did you mean sync-every?",
            "my.conf:8: train.optimizer.momentum: momentum must be at least 0 and below 1:"
                + " momentum=2",
            "my.conf:11: prune.score: score must be one of magnitude, random, taylor, snip,"
                + " grasp, wanda, wanda-regional, fisher, obs, synflow, variance, attention-maps, movement,"
                + " averaged-taylor, hard-concrete, transport, keep-logits, edge-popup, channel-taylor, batch-norm-scale, angular-distance: score=\"fishr\"; did you mean fisher?",
            "my.conf:12: prune.schedule.end: end is a key of kinds cubic, polynomial, cosine,"
                + " geometric, exponential, not of one-shot: end=\"75%\"; known keys: begin, kind",
            "my.conf:13: prune.mask: mask must be one of hard, soft, annealed, movement,"
                + " soft-threshold, averaged-taylor, hard-concrete, transport, keep-logits,"
                + " edge-popup: mask=\"sof\";"
                + " did you mean soft?");
  }

  @Test
  void rules_brokenInSeveralGroups_hideNeitherOneAnotherNorOtherKeys() {
    assertThat(
            problemsOf(
                """
                data = digits, model = lenet-5
                train.epochs = -1
                train.keep-checkpoints = 0
                train.label-smoothing = 2
                train.norm-batches = 0
                train.freeze = [fc1.weight]
                """))
        .containsExactly(
            "my.conf:2: train.epochs: epochs must be 0 or more: epochs=-1",
            "my.conf:3: train.keep-checkpoints: keep-checkpoints must be 1 or more: keep-checkpoints=0",
            "my.conf:4: train.label-smoothing: label-smoothing must be at least 0 and below 1: label-smoothing=2",
            "my.conf:5: train.norm-batches: norm-batches must be from 1 to 65536: norm-batches=0");
  }

  @Test
  void recipe_empty_asksForDataAndModel() {
    assertThat(problemsOf("# nothing\n"))
        .containsExactly(
            "my.conf:1: data: data must name one of fashion-mnist, digits, csv, idx, images, text, labelled-text, kafka",
            "my.conf:1: model: model must name one of " + MODELS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "seed=1.5 | seed: seed must be a whole number: seed=1.5",
        "seed=1e19 | seed: seed must be a whole number: seed=1.0E19",
        "name=\" \" | name: name must be 1 to 100 printable characters: name=\" \"",
        "tags=[a, \" \"] | tags: tags must be at most 16, each of 1 to 40 printable characters: tags=[\"a\",\" \"]",
        "tags=[\"a\\tb\"] | tags: tags must be at most 16, each of 1 to 40 printable characters: tags=[\"a\\tb\"]",
        "tags=[\"a\\u202Eb\"] | tags: tags must be at most 16, each of 1 to 40 printable characters: tags=[\"a\u202Eb\"]",
        "tags=a | tags: tags must be a list, each item text: tags=\"a\"",
        "name=[a] | name: name must be text: name=[\"a\"]",
        "train=3 | train: train must be a block of keys: train=3",
        "train.epochs=-1 | train.epochs: epochs must be 0 or more: epochs=-1",
        "train.epochs=3000000000"
            + " | train.epochs: epochs must be a whole number: epochs=3000000000",
        "train.sync-every=0 | train.sync-every: sync-every must be longer than 0: sync-every=0",
        "train.sync-every=\"2 weeks\" | train.sync-every: sync-every must be steps such as 100,"
            + " epochs such as \"2 epochs\" or a share of the run such as 10%:"
            + " sync-every=\"2 weeks\"",
        "train.evaluate-every=-1 | train.evaluate-every: evaluate-every must be 0 or more:"
            + " evaluate-every=-1",
        "train.evaluate-every=never | train.evaluate-every: evaluate-every must be steps such as"
            + " 100, epochs such as \"2 epochs\" or a share of the run such as 10%, or none:"
            + " evaluate-every=\"never\"",
        "train.progress-timeout=60 | train.progress-timeout: progress-timeout must be a duration"
            + " with its unit, such as 30s: progress-timeout=60",
        "train.progress-timeout=1ms | train.progress-timeout: progress-timeout must be 1 second"
            + " or more: progress-timeout=\"1ms\"",
        "train.learning-rate{kind=step,every=0} | train.learning-rate.every: every must be longer"
            + " than 0: every=0",
        "train.learning-rate{final=1} | train.learning-rate.final: final must be from 0 to"
            + " initial: final=1",
        "train.label-smoothing=1 | train.label-smoothing: label-smoothing must be at least 0 and"
            + " below 1: label-smoothing=1",
        "train.label-smoothing=-0.1 | train.label-smoothing: label-smoothing must be at least 0 and"
            + " below 1: label-smoothing=-0.1",
        "train.label-smoothing=NaN | train.label-smoothing: label-smoothing must be a number:"
            + " label-smoothing=\"NaN\"",
        "train.accumulate=0 | train.accumulate: accumulate must be from 1 to 1024: accumulate=0",
        "train.average{kind=ema,decay=1} | train.average.decay: decay must be above 0 and below 1: decay=1",
        "train.clip-norm=0 | train.clip-norm: clip-norm must be above 0, or none: clip-norm=0",
        "train.clip-norm=-1 | train.clip-norm: clip-norm must be above 0, or none: clip-norm=-1",
        "train.clip-norm=1e999 | train.clip-norm: clip-norm must be a number, or none:"
            + " clip-norm=Infinity",
        "train.clip-norm=NaN | train.clip-norm: clip-norm must be a number, or none:"
            + " clip-norm=\"NaN\"",
        "train.optimizer{nesterov=yes} | train.optimizer.nesterov: nesterov must be true or false:"
            + " nesterov=\"yes\"",
        "train.optimizer{nesterov=true,momentum=0} | train.optimizer.nesterov: nesterov must be"
            + " false where momentum is 0: nesterov=true",
        "train.optimizer{kind=adamw,beta1=1} | train.optimizer.beta1: beta1 must be at least 0 and"
            + " below 1: beta1=1",
        "train.optimizer{kind=adamw,beta2=-0.1} | train.optimizer.beta2: beta2 must be at least 0"
            + " and below 1: beta2=-0.1",
        "train.optimizer{kind=adamw,epsilon=0} | train.optimizer.epsilon: epsilon must be from"
            + " 1e-16 to below 1: epsilon=0",
        "train.optimizer{kind=adamw,weight-decay=1.5} | train.optimizer.weight-decay: weight-decay"
            + " must be from 0 to 1: weight-decay=1.5",
        "train.optimizer{kind=adamw,momentum=0.9} | train.optimizer.momentum: momentum is a key of"
            + " kinds sgd, rmsprop, not of adamw: momentum=0.9; known keys: beta1, beta2, epsilon, kind, weight-decay",
        "train.learning-rate{kind=one-cycle,max=0} | train.learning-rate.max: max must be above 0:"
            + " max=0",
        "train.learning-rate{kind=one-cycle,div=0.5} | train.learning-rate.div: div must be 1 or"
            + " more: div=0.5",
        "train.learning-rate{kind=one-cycle,final-div=0} | train.learning-rate.final-div: final-div"
            + " must be 1 or more: final-div=0",
        "train.learning-rate{kind=one-cycle,warm-up=101%} | train.learning-rate.warm-up: warm-up"
            + " must be from 0% to 100%: warm-up=\"101%\"",
        "train.learning-rate{kind=one-cycle,initial=0.1} | train.learning-rate.initial: initial"
            + " is a key of kinds constant, step, cosine, not of one-cycle: initial=0.1; known keys: div, final-div, kind, max, warm-up",
        "train.learning-rate{kind=constant,warm-up=-1} | train.learning-rate.warm-up: warm-up must"
            + " be 0 or more: warm-up=-1",
        "data.test=0 | data.test: test must be above 0% and below 100%: test=0",
        "data=5 | data: data must be one of fashion-mnist, digits, csv, idx, images, text, labelled-text, kafka: data=5",
        "train.learning-rate=0.1 | train.learning-rate: learning-rate must be one of constant,"
            + " step, cosine, one-cycle: learning-rate=0.1; a number belongs to a key of the block:"
            + " train.learning-rate.initial",
        "model=resnet-21 | model: model must be one of "
            + MODELS
            + ": model=\"resnet-21\"; did you mean resnet-20?",
        "model{kind=onnx} | model.file: file must be given: an ONNX file",
        "model{kind=onnx,file=n.onnx,sha256=ab} | model.sha256: sha256 must be 64 lower-case"
            + " hexadecimal digits: sha256=\"ab\"",
        "model{kind=onnx,file=n.onnx,draw=[w],weights=w.safetensors} | model.draw: draw must be left"
            + " away beside weights, which have draw of their own: draw=[\"w\"]",
        "model{kind=mobilenet,width=0} | model.width: width must be from 1 to 1024: width=0",
        "model{kind=char-lm,heads=3} | model.heads: heads must be a divisor of features: heads=3",
        "model{kind=char-lm,features=12,heads=4,positions=rotary} | model.heads: heads must be so"
            + " many that each has an even number of features, as rotary positions need: heads=4",
        "model{kind=char-lm,key-value-heads=3} | model.key-value-heads: key-value-heads must be a"
            + " divisor of heads: key-value-heads=3",
        "model{kind=mlp,hidden=[3,0]} | model.hidden: hidden must be widths of 1 or more:"
            + " hidden=[3,0]",
        "model{kind=mlp,hidden=[3,x]} | model.hidden: hidden must be a list, each item a whole"
            + " number: hidden=[3,\"x\"]",
        "prune.sparsity=1 | prune.sparsity: sparsity must be at least 0 and below 1: sparsity=1",
        "prune.sparsity=lots | prune.sparsity: sparsity must be a share such as 5% or 0.05:"
            + " sparsity=\"lots\"",
        "prune.schedule=linear | prune.schedule: linear is not available in this version; available:"
            + " constant, one-shot, cubic, polynomial, cosine, geometric, exponential",
        "prune.pattern=2:4 | prune.pattern: pattern is not available in this version:"
            + " pattern=\"2:4\"",
        "prune.regrowth=fedtiny | prune.regrowth: fedtiny is not available in this version;"
            + " available: none, set, rigl",
        "prune{regrowth=rigl,mask=soft} | prune.regrowth: regrowth must be none with prune.mask ="
            + " soft, because weights that live on return by their own rank, and none could start"
            + " at 0: regrowth=\"rigl\"; leave prune.regrowth away, or take a mask whose pruned"
            + " weights are 0",
        "prune{score=movement,mask=soft} | prune.mask: mask must be movement with prune.score ="
            + " movement, because the score ranks by values that the other one has: mask=\"soft\";"
            + " leave this key away, which brings it, or name another score or mask",
        "prune{score=magnitude,mask=transport} | prune.score: score must be transport with prune.mask"
            + " = transport, because the score ranks by values that the other one has:"
            + " score=\"magnitude\"; leave this key away, which brings it, or name another score or"
            + " mask",
        "prune{refit=least-squares,mask=soft} | prune.refit: refit must be none with prune.mask ="
            + " soft, because it makes up for weights that are 0, and those that live on would count"
            + " twice: refit=\"least-squares\"; leave prune.refit away, or take a mask whose pruned"
            + " weights are 0",
        "prune{refit=least-squares,mask=annealed} | prune.refit: refit must be none with prune.mask"
            + " = annealed, because it makes up for weights that are 0, and those that live on would"
            + " count twice: refit=\"least-squares\"; leave prune.refit away, or take a mask whose"
            + " pruned weights are 0",
        "prune{refit=least-squares,regrowth=set} | prune.refit: refit must be none with"
            + " prune.regrowth = set, because weights return at 0 to learn, and a refit would set"
            + " them: refit=\"least-squares\"; leave one of them away",
        "prune.refit=least-square | prune.refit: refit must be one of none, least-squares,"
            + " sparsegpt, mean-folding: refit=\"least-square\"; did you mean least-squares?",
        "prune.schedule{begin=90%,end=150%} | prune.schedule.end: end must be from 0% to 100%:"
            + " end=\"150%\"",
        "prune.schedule.updats=3 | prune.schedule.updats: unknown key: updats=3; known keys:"
            + " begin, continue, end, freeze, initial, kind, updates; did you mean updates?",
        "lr=3 | lr: unknown key: lr=3; known keys: data, federation, model, name, parent, prune, seed, tags, train",
        "epochs=3 | epochs: unknown key: epochs=3; known keys: data, federation, model, name, parent,"
            + " prune, seed, tags, train; did you mean train.epochs?",
        "epoch=3 | epoch: unknown key: epoch=3; known keys: data, federation, model, name, parent,"
            + " prune, seed, tags, train; did you mean train.epochs?",
        "prune.rounds=3 | prune.rounds: unknown key: rounds=3; known keys: allocation, exclude,"
            + " granularity, mask, min-keep, refit, regrowth, schedule, score, selection,"
            + " sparsity, tolerance; did you mean federation.rounds?",
        "epochs | override: override must read key=value: Key 'epochs' may not be followed by"
            + " token: end of file",
      })
  void override_wrong_isNamedWithItsRule(String override, String problem) {
    assertThat(problemsOf(MINIMAL, override))
        .containsExactly("command line -D " + override + ": " + problem);
  }

  @Test
  void keyMissing_besideOverrides_isPlacedInTheRecipe() {
    assertThat(problemsOf("\ndata = digits", "model.kind=none", "seed=3", "train.epochs=2"))
        .containsExactly(
            "command line -D model.kind=none: model: model must be one of "
                + MODELS
                + ": model=\"none\"");
    assertThat(problemsOf("\ndata = digits", "seed=3", "train.epochs=2"))
        .containsExactly("my.conf:2: model: model must name one of " + MODELS);
  }

  @Test
  void problem_ofOneKey_hasItsParts() {
    assertThatExceptionOfType(InvalidConfigException.class)
        .isThrownBy(() -> load(MINIMAL + "\ntrain.epochs = ten"))
        .satisfies(
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        new Problem(
                            Optional.of("my.conf:2"),
                            "train.epochs",
                            "epochs must be a whole number: epochs=\"ten\"")));
  }

  @Test
  void csv_testGivenTwice_isRefused() {
    assertThat(
            problemsOf(
                """
                model = lenet-5
                data { kind = csv, path = a.csv, label = y,
                       test = 20%, test-path = b.csv }
                """))
        .containsExactly(
            "my.conf:3: data.test: test and test-path must not both be given: test=\"20%\","
                + " test-path=\"b.csv\"");
  }

  @Test
  void kind_unknownInABlock_stillChecksTheKeysThatAllKindsHave() {
    assertThat(problemsOf("model = lenet-5\ndata { kind = digit, test = 3,\n batch-size = x }"))
        .containsExactly(
            "my.conf:2: data: data must be one of fashion-mnist, digits, csv, idx, images, text, labelled-text, kafka: data=\"digit\";"
                + " did you mean digits?",
            "my.conf:3: data.batch-size: batch-size must be a whole number: batch-size=\"x\"");
  }

  @Test
  void defaults_givenByARecipe_areUnknown() {
    assertThat(problemsOf(MINIMAL + "\ndefaults.mask.soft.masked-decay = 1"))
        .containsExactly(
            "my.conf:2: defaults: unknown key: defaults={\"mask\":{\"soft\":{\"masked-decay\":1}}};"
                + " known keys: data, federation, model, name, parent, prune, seed, tags, train");
  }

  private static List<String> problemsOf(String recipe, String... overrides) {
    try {
      throw new AssertionError("loaded: " + load(recipe, overrides));
    } catch (InvalidConfigException e) {
      List<String> problems = e.problems().stream().map(Problem::toString).toList();
      assertThat(e).hasMessage(String.join("\n", problems));
      return problems;
    }
  }

  private static ResolvedRecipe load(String recipe, String... overrides) {
    return new RecipeLoader().parse("my.conf", recipe, List.of(overrides));
  }
}
