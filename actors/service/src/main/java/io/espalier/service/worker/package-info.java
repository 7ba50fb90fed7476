@org.jspecify.annotations.NullMarked
package io.espalier.service.worker;
