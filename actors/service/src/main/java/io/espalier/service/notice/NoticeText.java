package io.espalier.service.notice;

import io.espalier.federation.refusal.PrintableText;
import io.espalier.service.RunAlert;
import io.espalier.service.RunKind;
import io.espalier.service.RunStatus;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Notices for people to read. Names and causes in them are printable, on one line. */
final class NoticeText {
  private static final int MOST_NAME = 80;
  private static final int MOST_SUBJECT = 150;
  private static final int MOST_DETAIL = 2_000;

  private NoticeText() {}

  /** One line, such as {@code mine failed: the loss is not finite}. */
  static String summary(Notice notice) {
    return notice.run().map(run -> summary(notice, run)).orElse("a test of this destination");
  }

  private static String summary(Notice notice, RunStatus run) {
    String name = PrintableText.of(run.name(), MOST_NAME);
    if (notice.alert().isPresent()) {
      RunAlert alert = notice.alert().get();
      return "%s raised the alert %s at step %d: %s"
          .formatted(
              name, PrintableText.of(alert.kind(), MOST_NAME), alert.step(), detail(alert.text()));
    }
    String state = name + " " + notice.event().word();
    return switch (notice.event()) {
      case FAILED -> state + run.standing().cause().map(cause -> ": " + detail(cause)).orElse("");
      case FINISHED -> state + ": " + result(run);
      default -> state;
    };
  }

  private static String result(RunStatus run) {
    return Stream.of(quality(run), percent("sparsity ", run.reached().sparsity()))
        .flatMap(Optional::stream)
        .collect(Collectors.joining(", "));
  }

  private static Optional<String> quality(RunStatus run) {
    OptionalDouble bits = run.reached().bitsPerCharacter();
    return bits.isPresent()
        ? Optional.of(String.format(Locale.ROOT, "%.3f bits per character", bits.getAsDouble()))
        : percent("accuracy ", run.reached().accuracy());
  }

  private static Optional<String> percent(String name, OptionalDouble share) {
    return share.isPresent()
        ? Optional.of(String.format(Locale.ROOT, "%s%.2f%%", name, 100 * share.getAsDouble()))
        : Optional.empty();
  }

  private static String detail(String text) {
    return PrintableText.of(text.strip().replaceAll("\\s+", " "), MOST_DETAIL);
  }

  /** The subject of a mail; it has no line break. */
  static String subject(Notice notice) {
    return "Espalier: " + PrintableText.of(summary(notice), MOST_SUBJECT);
  }

  /** The text of a mail. */
  static String body(Notice notice, Optional<URI> publicUrl) {
    StringBuilder body = new StringBuilder(summary(notice)).append("\n\n");
    notice.run().ifPresent(run -> facts(body, run));
    line(body, "time", notice.time().toString());
    line(body, "notice", notice.id());
    notice
        .run()
        .flatMap(run -> publicUrl.map(url -> NoticeLinks.page(url, run.run())))
        .ifPresent(page -> body.append('\n').append(page).append('\n'));
    return body.toString();
  }

  private static void facts(StringBuilder body, RunStatus run) {
    line(body, "run", run.run());
    line(body, "state", run.state().name().toLowerCase(Locale.ROOT));
    line(body, "attempt", Long.toString(run.attempt().term()));
    run.attempt().node().ifPresent(node -> line(body, "node", PrintableText.of(node, MOST_NAME)));
    String unit = run.kind() == RunKind.FEDERATION ? "rounds" : "steps";
    String total =
        run.reached().totalSteps().isPresent()
            ? " of " + run.reached().totalSteps().getAsLong()
            : "";
    line(body, unit, run.reached().step() + total);
    quality(run).ifPresent(text -> line(body, "result", text));
    percent("", run.reached().sparsity()).ifPresent(text -> line(body, "sparsity", text));
  }

  private static void line(StringBuilder body, String name, String value) {
    body.append(String.format(Locale.ROOT, "%-10s %s\n", name, value));
  }
}
