package io.espalier.telemetry.view;

import java.util.Map;

/**
 * A document as it is now.
 *
 * @param identity another one stands for another document, of which a reader has nothing
 */
record View(Object identity, DocumentParts parts, Map<String, Points> series) {}
