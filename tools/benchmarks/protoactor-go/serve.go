package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/asynkron/protoactor-go/actor"
)

// A workload is done again and again until the time is up.
type workload struct {
	// Does it once and gives how many operations that was. Fails when messages are missing.
	pass func() (int, error)
	// Clears up after a pass, outside of what is timed.
	clear func()
	// What a pass leaves in memory is weighed before it is cleared up.
	isWeighed bool
}

type done struct {
	Operations    int      `json:"operations"`
	Millis        float64  `json:"millis"`
	CPUMicros     int64    `json:"cpuMicros"`
	BytesPerActor *float64 `json:"bytesPerActor,omitempty"`
}

func serve(work *workload, port int) {
	lines := make(chan string)
	go func() {
		input := bufio.NewScanner(os.Stdin)
		for input.Scan() {
			lines <- input.Text()
		}
		// Also while work is going on: whoever asks is gone.
		os.Exit(0)
	}()
	answer(map[string]any{"type": "ready", "port": port})
	for line := range lines {
		words := strings.Fields(line)
		switch {
		case len(words) == 1 && words[0] == "cpu":
			answer(map[string]any{"type": "cpu", "micros": cpuMicros()})
		case len(words) == 2 && words[0] == "work" && work != nil:
			millis, err := strconv.Atoi(words[1])
			if err != nil {
				fail(err)
				continue
			}
			result, err := passes(work, float64(millis))
			if err != nil {
				fail(err)
				continue
			}
			answer(map[string]any{"type": "work", "work": result})
		default:
			fail(fmt.Errorf("%q is no question", line))
		}
	}
}

func passes(work *workload, wanted float64) (*done, error) {
	result := &done{}
	bytes := 0.0
	for result.Millis < wanted {
		before := weight(work)
		cpuBefore := cpuMicros()
		startedAt := time.Now()
		operations, err := work.pass()
		if err != nil {
			return nil, err
		}
		result.Millis += float64(time.Since(startedAt).Microseconds()) / 1000
		result.CPUMicros += cpuMicros() - cpuBefore
		result.Operations += operations
		bytes += weight(work) - before
		if work.clear != nil {
			work.clear()
		}
	}
	if work.isWeighed {
		each := bytes / float64(result.Operations)
		result.BytesPerActor = &each
	}
	return result, nil
}

// What is alive on the heap, and the stacks.
func weight(work *workload) float64 {
	if !work.isWeighed {
		return 0
	}
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return float64(stats.HeapAlloc + stats.StackInuse)
}

func cpuMicros() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return (usage.Utime.Nano() + usage.Stime.Nano()) / 1000
}

func fail(err error) {
	answer(map[string]any{"type": "failed", "reason": err.Error()})
}

func answer(message map[string]any) {
	text, err := json.Marshal(message)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(text))
}

// At the end of a bench one process sees the other go, which is no news.
func silent(*actor.ActorSystem) *slog.Logger {
	return slog.New(slog.NewTextHandler(io.Discard, nil))
}
