package io.espalier.trainer.analysis;

import io.espalier.trainer.analysis.Finding.Format;
import io.espalier.trainer.analysis.Finding.Heading;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The class of the test set that is recognised least. Pruning costs few classes most of what it
 * costs (Hooker et al., "What Do Compressed Deep Neural Networks Forget?", 2019).
 */
final class WorstClass implements NetworkDiagnostic {
  private static final List<Heading> HEADINGS =
      List.of(
          new Heading("class", "class", Format.TEXT),
          new Heading("examples", "examples", Format.COUNT),
          new Heading("correct", "correct", Format.COUNT),
          new Heading("accuracy", "accuracy", Format.BAR));

  @Override
  public String name() {
    return "worst-class";
  }

  @Override
  public String summary() {
    return "accuracy on the class that is recognised least, and on each; one pass of the test set";
  }

  private record ClassCount(String name, long examples, long correct) {
    double accuracy() {
      return (double) correct / examples;
    }
  }

  @Override
  public Finding find(AnalysedNetwork network) {
    Predictions found = network.predictions();
    List<ClassCount> classes = classes(found, network.classNames());
    ClassCount worst = classes.get(0);
    return Finding.titled("Worst class")
        .text("class", "worst class", worst.name())
        .share("worstAccuracy", "its accuracy", worst.accuracy())
        .share("accuracy", "accuracy", found.accuracy())
        .share(
            "balancedAccuracy",
            "mean over classes",
            classes.stream().mapToDouble(ClassCount::accuracy).average().orElseThrow())
        .share("gap", "behind the mean", gap(classes))
        .table("", HEADINGS, rows(classes));
  }

  private static double gap(List<ClassCount> classes) {
    return classes.stream().mapToDouble(ClassCount::accuracy).average().orElseThrow()
        - classes.get(0).accuracy();
  }

  /** Classes that have examples, the worst first; equal ones by rank of the outputs. */
  private static List<ClassCount> classes(Predictions found, List<String> names) {
    long[] examples = new long[names.size()];
    long[] correct = new long[names.size()];
    for (int i = 0; i < found.count(); i++) {
      examples[found.label(i)]++;
      correct[found.label(i)] += found.isCorrect(i) ? 1 : 0;
    }
    List<ClassCount> all = new ArrayList<>();
    for (int c = 0; c < examples.length; c++) {
      if (examples[c] > 0) {
        all.add(new ClassCount(names.get(c), examples[c], correct[c]));
      }
    }
    all.sort(Comparator.comparingDouble(ClassCount::accuracy));
    return all;
  }

  private static List<List<Object>> rows(List<ClassCount> classes) {
    List<List<Object>> rows = new ArrayList<>();
    for (ClassCount each : classes) {
      rows.add(List.of(each.name(), each.examples(), each.correct(), each.accuracy()));
    }
    return rows;
  }
}
