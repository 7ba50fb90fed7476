package io.espalier.cli.dashboard;

import com.deque.html.axecore.results.Results;
import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptException;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A browser that looks at the page. It waits for what should be seen, never for time. */
final class Browser implements AutoCloseable {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final int WIDTH = 1_400;
  private static final int LOOKS_ALIKE = 20;

  /** Clicks the button once its chart, which is drawn when it is seen, has numbers. */
  private static final String SAVE =
      """
      const save = document.querySelector(arguments[0]);
      if (!save) return false;
      save.closest("figure").scrollIntoView({block: "center", behavior: "instant"});
      if (save.closest(".tools").hidden) return false;
      save.click();
      return true;
      """;

  private final ChromeDriver driver;
  private final Path downloads;

  Browser(Path downloads) {
    this.downloads = downloads;
    this.driver = Chromium.start(downloads);
  }

  /** Loads an address anew, also where only its fragment differs. */
  void open(URI page, String fragment) {
    driver.get("about:blank");
    driver.get(page + fragment);
  }

  /** Goes to another place of the page. */
  void go(String fragment) {
    script("location.hash = arguments[0]", fragment);
  }

  /** Chooses the columns of the list of runs, for pages that open from now on. */
  void columns(String... keys) {
    script(
        "localStorage.setItem('espalier.runs', JSON.stringify({columns: arguments[0]}))",
        List.of(keys));
  }

  /** Chooses the columns of a viewer who has not chosen any. */
  void firstColumns() {
    script("try { localStorage.removeItem('espalier.runs') } catch { }");
  }

  String address() {
    return Objects.requireNonNull(driver.getCurrentUrl());
  }

  @Nullable Object script(String text, Object... arguments) {
    return driver.executeScript(text, arguments);
  }

  /** Text of the first element, with plain spaces; empty where there is none. */
  String text(String css) {
    return texts(css).stream().findFirst().orElse("");
  }

  /** Texts of all elements that are shown. */
  List<String> texts(String css) {
    Object found =
        script(
            "return [...document.querySelectorAll(arguments[0])].filter((one) =>"
                + " one.checkVisibility()).map((one) => one.textContent.replaceAll('\\u00a0', '"
                + " '))",
            css);
    return ((List<?>) Objects.requireNonNull(found)).stream().map(String::valueOf).toList();
  }

  int count(String css) {
    return driver.findElements(By.cssSelector(css)).size();
  }

  /** Waits until a condition holds; fails with what is on the page instead. */
  void await(String what, BooleanSupplier condition) {
    try {
      new WebDriverWait(driver, PATIENCE)
          .pollingEvery(LOOK)
          .ignoring(StaleElementReferenceException.class, NoSuchElementException.class)
          .ignoring(JavascriptException.class)
          .until(any -> condition.getAsBoolean());
    } catch (TimeoutException e) {
      throw new AssertionError(
          "the page must show %s; it shows, at %s:%n%s"
              .formatted(what, address(), driver.findElement(By.tagName("body")).getText()),
          e);
    }
  }

  /** Waits until assertions about the page hold; fails with the last one that did not. */
  void eventually(Runnable assertions) {
    AtomicReference<AssertionError> broken = new AtomicReference<>();
    try {
      await(
          "what the test asserts",
          () -> {
            try {
              assertions.run();
              return true;
            } catch (AssertionError e) {
              broken.set(e);
              return false;
            }
          });
    } catch (AssertionError e) {
      AssertionError last = broken.get();
      if (last != null) {
        e.addSuppressed(last);
      }
      throw e;
    }
  }

  void awaitText(String css, String part) {
    await(
        "%s in %s".formatted(part, css),
        () -> texts(css).stream().anyMatch(each -> each.contains(part)));
  }

  WebElement element(String css) {
    await(css, () -> count(css) > 0);
    return driver.findElement(By.cssSelector(css));
  }

  /** Clicks the first element; looks for it again where the page has just replaced it. */
  void click(String css) {
    await("%s to click".formatted(css), () -> clicked(driver.findElements(By.cssSelector(css))));
  }

  /** Clicks the first shown button with this label, found again like an element. */
  void clickButton(String label) {
    await(
        "a button " + label,
        () ->
            clicked(
                driver.findElements(By.tagName("button")).stream()
                    .filter(each -> isButton(each, label))
                    .toList()));
  }

  private static boolean clicked(List<WebElement> found) {
    found.stream().findFirst().ifPresent(WebElement::click);
    return !found.isEmpty();
  }

  private static boolean isButton(WebElement element, String label) {
    return element.isDisplayed() && element.getText().equals(label);
  }

  void press(String key) {
    new Actions(driver).sendKeys(key).perform();
  }

  /** Moves the pointer over a chart, to a share of its width. */
  void hover(int chart, double share) {
    onChart(
        chart, over -> new Actions(driver).moveToElement(over, offset(over, share), 0).perform());
  }

  /** Drags over a chart, from one share of its width to another. */
  void drag(int chart, double from, double to) {
    onChart(
        chart,
        over ->
            new Actions(driver)
                .moveToElement(over, offset(over, from), 0)
                .clickAndHold()
                .moveToElement(over, offset(over, (from + to) / 2), 5)
                .moveToElement(over, offset(over, to), 0)
                .release()
                .perform());
  }

  void doubleClick(int chart) {
    onChart(chart, over -> new Actions(driver).doubleClick(over).perform());
  }

  /** Makes a gesture on a chart, found again where the page has just replaced it. */
  private void onChart(int chart, Consumer<WebElement> gesture) {
    await(
        "a chart",
        () -> {
          List<WebElement> charts = driver.findElements(By.cssSelector(".u-over"));
          if (charts.size() <= chart) {
            return false;
          }
          WebElement over = charts.get(chart);
          script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", over);
          gesture.accept(over);
          return true;
        });
  }

  /** Offsets count from the middle. */
  private static int offset(WebElement element, double share) {
    return (int) Math.round((share - 0.5) * element.getSize().width);
  }

  /** The numbers of a chart as it saves them, the first line its labels. */
  List<List<String>> csv(String chart) {
    String save = "button[aria-label='%s as CSV']".formatted(chart);
    await(chart + " with numbers", () -> Objects.equals(script(SAVE, save), true));
    await("a file of " + chart, () -> downloaded().isPresent());
    Path file = downloaded().orElseThrow();
    try {
      List<List<String>> lines =
          Files.readAllLines(file).stream()
              .map(line -> Arrays.asList(line.split(",", -1)))
              .toList();
      Files.delete(file);
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The finished download. A browser reserves its name with an empty file while it writes. */
  private Optional<Path> downloaded() {
    try (Stream<Path> files = Files.list(downloads)) {
      List<Path> found = files.toList();
      return found.stream().anyMatch(file -> file.toString().endsWith(".crdownload"))
          ? Optional.empty()
          : found.stream()
              .filter(file -> file.toString().endsWith(".csv") && file.toFile().length() > 0)
              .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void theme(String name) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", name))));
  }

  /** What a checker of accessibility objects to, with where; nothing if all is well. */
  List<String> violations() {
    Results results = new AxeBuilder().analyze(driver);
    return results.getViolations().stream().map(Browser::told).toList();
  }

  private static String told(Rule rule) {
    return "%s: %s".formatted(rule.getId(), rule.getNodes());
  }

  /** Shows the page as a device of this width does. */
  void device(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
  }

  /** Makes the window so large, in pixels. */
  void resize(int width, int height) {
    driver.manage().window().setSize(new Dimension(width, height));
  }

  /** Keeps the whole page as a picture, once its charts are drawn. */
  void screenshot(String name) {
    stretch();
    stretch();
    picture(name);
    driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
  }

  /** Keeps what the window shows as a picture. */
  void picture(String name) {
    Object picture =
        driver.executeCdpCommand("Page.captureScreenshot", Map.of("format", "png")).get("data");
    try {
      Files.createDirectories(SCREENSHOTS);
      Files.write(
          SCREENSHOTS.resolve(name + ".png"), Base64.getDecoder().decode(String.valueOf(picture)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes the window as high as the page, which grows when its lower parts are drawn. */
  private void stretch() {
    Object height = script("return document.documentElement.scrollHeight");
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of(
            "width",
            WIDTH,
            "height",
            Objects.requireNonNull(height),
            "deviceScaleFactor",
            1,
            "mobile",
            false));
    awaitDrawn();
  }

  /**
   * Parts of the page are drawn when they are seen, a few per frame: waits for the last of them.
   */
  private void awaitDrawn() {
    AtomicReference<Object> before = new AtomicReference<>();
    AtomicInteger same = new AtomicInteger();
    await(
        "all that it has",
        () -> {
          Object now =
              script(
                  "return [document.querySelectorAll('canvas').length,"
                      + " [...document.querySelectorAll('.none')].filter((one) =>"
                      + " one.checkVisibility()).length, document.querySelectorAll('td,"
                      + " option').length, document.documentElement.scrollHeight].join()");
          return Objects.equals(now, before.getAndSet(now))
              ? same.incrementAndGet() >= LOOKS_ALIKE
              : same.getAndSet(0) < 0;
        });
  }

  /** Warnings and errors of the console since the last call. */
  List<String> console() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(entry -> entry.getMessage())
        .toList();
  }

  @Override
  public void close() {
    driver.quit();
  }
}
