// One sentence above the board: what went wrong, or what the page did. It stays until closed or replaced;
// notes that need no answer go by themselves.
const k_note_ms = 6000;

export class Banner {
    constructor(element) {
        this.element = element;
        this.text = element.querySelector("p");
        this.timer = 0;
        this.action = element.querySelector("#banner-action");
        element.querySelector("#banner-close").addEventListener("click", () => this.hide());
        this.action.addEventListener("click", () => {
            this.hide();
            this.act();
        });
    }

    show(sentence, bad) {
        clearTimeout(this.timer);
        this.element.classList.toggle("bad", bad);
        this.element.hidden = false;
        this.action.hidden = true;
        this.text.textContent = sentence;
    }

    error(sentence) {
        this.show(sentence, true);
    }

    note(sentence) {
        this.show(sentence, false);
        this.timer = setTimeout(() => this.hide(), k_note_ms);
    }

    // A note with a button; it stays until one of them is pressed.
    offer(sentence, label, act) {
        this.show(sentence, false);
        this.act = act;
        this.action.textContent = label;
        this.action.hidden = false;
    }

    hide() {
        clearTimeout(this.timer);
        this.element.hidden = true;
    }
}
